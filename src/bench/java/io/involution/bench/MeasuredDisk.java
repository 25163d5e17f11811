package io.involution.bench;

import io.involution.files.Content;
import io.involution.files.Disk;
import io.involution.files.LocalDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk of a run, which measures how long the run waits for it, or never waits. */
public final class MeasuredDisk extends LocalFileSystem {
  /** Setting: whether to wait at all. */
  static final String WAITS = "bench.disk.waits";

  /** Setting: the file that is told, in the end, what was measured. */
  static final String OUT = "bench.disk.out";

  /** Files that are written at the end of every epoch; others at a run's start and end. */
  private static final String OF_EPOCHS =
      ".*/(checkpoint-[^/]*|metrics)(/.*)?|.*/artifacts/(confusion|mistakes)\\..*";

  /** Makes it, as Hadoop does. */
  public MeasuredDisk() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem implements Disk {
    private static final Sums EPOCHS = new Sums();
    private static final Sums OTHERS = new Sums();

    private static long begin;
    private static long end;

    private final Disk disk = new LocalDisk();

    /** Waits that belong together. */
    private static final class Sums {
      private int count;
      private long nanos;
    }

    @Override
    public void writeNew(Path file, Content content, boolean wait) throws IOException {
      begins();
      disk.writeNew(file, content, false);
      if (wait) {
        measured(file, () -> force(file));
      }
      end = System.nanoTime();
    }

    /** From the first write of the run, and told when the process ends. */
    private void begins() {
      synchronized (Raw.class) {
        if (begin == 0) {
          begin = System.nanoTime();
          String out = getConf().get(OUT);
          Runtime.getRuntime().addShutdownHook(new Thread(() -> tell(Path.of(out))));
        }
      }
    }

    private static void force(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }

    @FunctionalInterface
    private interface Wait {
      void run() throws IOException;
    }

    private void measured(Path path, Wait wait) throws IOException {
      if (!getConf().getBoolean(WAITS, true)) {
        return;
      }
      long start = System.nanoTime();
      wait.run();
      long took = System.nanoTime() - start;
      synchronized (Raw.class) {
        Sums sums = path.toString().matches(OF_EPOCHS) ? EPOCHS : OTHERS;
        sums.count++;
        sums.nanos += took;
      }
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
      disk.makeFolder(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      disk.rename(from, to);
      end = System.nanoTime();
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      measured(folder, () -> disk.syncFolder(folder));
      end = System.nanoTime();
    }

    private static void tell(Path out) {
      String text =
          String.format(
              Locale.ROOT,
              "%d %.6f %d %.6f %.6f",
              EPOCHS.count,
              EPOCHS.nanos / 1e9,
              OTHERS.count,
              OTHERS.nanos / 1e9,
              (end - begin) / 1e9);
      try {
        Files.write(out, text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
