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
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code store:///PATH}: the local disk as the job uses an object store, without renames. The
 * driver dies where its {@link FileKill}s say, and the disk is full from where {@link #FULL} says.
 */
public final class StoreFileSystem extends RawLocalFileSystem {
  /** Setting: a part of the path of the first file that finds no room; then no other does. */
  static final String FULL = "soak.full.at";

  private static final URI ROOT = URI.create("store:///");

  private List<FileKill> kills = List.of();
  private Process killer;
  private boolean full;

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

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
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    Optional<FileKill> kill = before(file);
    return watched(
        kill,
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    Optional<FileKill> kill = before(file);
    return watched(
        kill, super.create(file, overwrite, bufferSize, replication, blockSize, progress));
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

  private FSDataOutputStream watched(Optional<FileKill> kill, FSDataOutputStream out)
      throws IOException {
    return kill.isPresent() ? new FSDataOutputStream(new Dying(out, kill.get()), null) : out;
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
