package io.involution.soak;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * {@code store:///PATH}: the local disk as the job uses an object store, without renames. The
 * driver dies where its {@link FileKill}s say, and the disk is full from where {@link #FULL} says.
 */
public final class StoreFileSystem extends WatchedFileSystem {
  /** Setting: a part of the path of the first file that finds no room; then no other does. */
  static final String FULL = "soak.full.at";

  private List<FileKill> kills = List.of();
  private Process killer;
  private boolean full;

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(uri, conf);
    kills = FileKill.read(conf.get(FileKill.SETTING, ""));
    if (!kills.isEmpty()) {
      killer = Kill.prepare();
    }
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException("an object store has no rename");
  }

  @Override
  protected FSDataOutputStream created(Path file, Creation creation) throws IOException {
    Optional<FileKill> kill = before(file);
    FSDataOutputStream out = creation.create();
    return kill.isPresent() ? new FSDataOutputStream(new Dying(out, kill.get()), null) : out;
  }

  private Optional<FileKill> before(Path file) throws IOException {
    String end = getConf().get(FULL, "");
    full |= !end.isEmpty() && file.toString().contains(end);
    if (full) {
      throw new IOException("No space left on device");
    }
    Optional<FileKill> kill = kills.stream().filter(due -> due.isOf(file.toString())).findFirst();
    kill.ifPresent(due -> dieAt(due, FileKill.When.BEFORE));
    return kill;
  }

  private void dieAt(FileKill due, FileKill.When now) {
    Marks marks = new Marks(java.nio.file.Path.of(getConf().get(KillingFileSystem.MARKS)));
    if (due.when() == now && marks.set(due.word(), due.toString())) {
      Kill.now(killer);
    }
  }

  /** A file during whose writing the driver dies. */
  private final class Dying extends FilterOutputStream {
    private final FileKill kill;

    private Dying(OutputStream out, FileKill kill) {
      super(out);
      this.kill = kill;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length / 2);
      out.flush();
      dieAt(kill, FileKill.When.HALFWAY);
      out.write(bytes, offset + length / 2, length - length / 2);
    }

    @Override
    public void close() throws IOException {
      super.close();
      dieAt(kill, FileKill.When.AFTER);
    }
  }
}
