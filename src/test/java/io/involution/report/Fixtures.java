package io.involution.report;

import java.nio.file.Path;

/** Folders of made-up runs, for tests of other packages. */
public final class Fixtures {
  private Fixtures() {}

  /** Writes the folder of a short run of both networks. */
  public static void shortRun(Path folder) {
    new RunFixture(42).epochs(2).write(folder);
  }
}
