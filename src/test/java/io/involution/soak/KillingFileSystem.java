package io.involution.soak;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The driver's file system, during whose first write of a checkpoint an executor is killed. */
public final class KillingFileSystem extends LocalFileSystem {
  /** Setting that names the marks folder. */
  static final String MARKS = "soak.marks";

  /** Makes it, as Hadoop does. */
  public KillingFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
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
      return killing(
          file,
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
      return killing(
          file, super.create(file, overwrite, bufferSize, replication, blockSize, progress));
    }

    private FSDataOutputStream killing(Path file, FSDataOutputStream out) {
      Marks marks = new Marks(java.nio.file.Path.of(getConf().get(MARKS)));
      if (file.toString().contains("/checkpoint-")
          && marks.set(KillPoint.CHECKPOINT.word(), file.toString())) {
        Kill.executors(ProcessHandle.current()).stream().findFirst().ifPresent(Kill::at);
      }
      return out;
    }
  }
}
