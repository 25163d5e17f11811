package io.involution.soak;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** The driver's file system, during whose first write of a checkpoint an executor is killed. */
public final class KillingFileSystem extends LocalFileSystem {
  /** Setting that names the marks folder. */
  static final String MARKS = "soak.marks";

  /** Makes it, as Hadoop does. */
  public KillingFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends WatchedFileSystem {
    @Override
    protected FSDataOutputStream created(Path file, Creation creation) throws IOException {
      FSDataOutputStream out = creation.create();
      Marks marks = new Marks(java.nio.file.Path.of(getConf().get(MARKS)));
      if (file.toString().contains("/checkpoint-")
          && marks.set(KillPoint.CHECKPOINT.word(), file.toString())) {
        Kill.executors(ProcessHandle.current()).stream().findFirst().ifPresent(Kill::at);
      }
      return out;
    }
  }
}
