package io.involution.driver.present;

import io.involution.failure.Places;
import io.involution.report.RunReport;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;

/** The report in a run's own folder. */
public final class RunReportFiles {
  private RunReportFiles() {}

  /**
   * Writes it from what the folder holds.
   *
   * @return where the page is
   */
  public static String write(RunFolder folder) {
    // The page last: where it is, its pictures are too.
    var files = RunReport.files(RunData.read(folder));
    byte[] page = files.remove(RunReport.INDEX);
    files.forEach(folder::replaceReport);
    folder.replaceReport(RunReport.INDEX, page);
    return folder.location() + "/" + RunFolder.REPORT + "/" + RunReport.INDEX;
  }

  /** Whether there is one. */
  public static boolean exists(RunFolder folder) {
    return folder.list(RunFolder.REPORT).contains(RunReport.INDEX);
  }

  /**
   * Writes it at the end of a training, which is worth more than its report: what stands in the way
   * of one, such as a machine without fonts, is a warning.
   *
   * @return the line that says where the page is, or why there is none
   */
  public static String afterTraining(RunFolder folder) {
    try {
      return "report in " + write(folder);
    } catch (RuntimeException | LinkageError | InternalError e) {
      return "warning: no report (%s): run report %s on a machine with fonts (fontconfig)"
          .formatted(Places.reason(e), folder.location());
    }
  }
}
