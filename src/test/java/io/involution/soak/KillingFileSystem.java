package io.involution.soak;

import io.involution.files.Content;
import io.involution.files.Disk;
import io.involution.files.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The driver's file system, during whose first write of a checkpoint an executor is killed. */
public final class KillingFileSystem extends LocalFileSystem {
  /** Setting that names the marks folder. */
  static final String MARKS = "soak.marks";

  /** Makes it, as Hadoop does. */
  public KillingFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem implements Disk {
    private final Disk disk = new LocalDisk();

    @Override
    public void writeNew(Path file, Content content, boolean wait) throws IOException {
      Marks marks = new Marks(Path.of(getConf().get(MARKS)));
      if (file.toString().contains("/checkpoint-")
          && marks.set(KillPoint.CHECKPOINT.word(), file.toString())) {
        Kill.executors(ProcessHandle.current()).stream().findFirst().ifPresent(Kill::at);
      }
      disk.writeNew(file, content, wait);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
      disk.makeFolder(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      disk.syncFolder(folder);
    }
  }
}
