package io.involution.report;

import io.involution.report.page.RunPage;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** Folders of made-up runs, for tests. */
public final class Fixtures {
  private Fixtures() {}

  /** Writes the folder of a short run of both networks. */
  public static void shortRun(Path folder) {
    new RunFixture(42).epochs(2).write(folder);
  }

  /** The page of a run, without the files for slides, which take most of a report's time. */
  static byte[] page(Path run) {
    return new RunPage(RunData.read(RunFolder.read(run.toString(), new Configuration()))).html();
  }
}
