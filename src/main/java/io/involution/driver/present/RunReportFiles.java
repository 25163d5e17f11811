package io.involution.driver.present;

import io.involution.failure.Places;
import io.involution.report.RunReport;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.util.Locale;

/** The report in a run's own folder. */
public final class RunReportFiles {
  private RunReportFiles() {}

  /**
   * Writes the report from the contents of the folder.
   *
   * @return the location of the page
   */
  public static String write(RunFolder folder) {
    // The page last: when it exists, so do its images.
    var files = RunReport.files(RunData.read(folder));
    byte[] page = files.remove(RunReport.INDEX);
    files.forEach(folder::replaceReport);
    folder.replaceReport(RunReport.INDEX, page);
    return folder.location() + "/" + RunFolder.REPORT + "/" + RunReport.INDEX;
  }

  /** Whether the report exists. */
  public static boolean exists(RunFolder folder) {
    return folder.list(RunFolder.REPORT).contains(RunReport.INDEX);
  }

  /**
   * Writes the report at the end of training. Training is worth more than its report, so a failure,
   * such as missing fonts, is only a warning.
   *
   * @return a line that says where the page is, or why there is none
   */
  public static String afterTraining(RunFolder folder) {
    try {
      return "report in " + write(folder);
    } catch (RuntimeException | LinkageError | InternalError e) {
      return String.format(
          Locale.ROOT,
          "warning: no report (%s): run report %s on a machine with fonts (fontconfig)",
          Places.reason(e),
          folder.location());
    }
  }
}
