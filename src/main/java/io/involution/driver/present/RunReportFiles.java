package io.involution.driver.present;

import io.involution.failure.SideWork;
import io.involution.report.RunReport;
import io.involution.report.page.RunPage;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The report in a run's own folder. */
public final class RunReportFiles {
  private final RunFolder folder;
  private final Map<String, byte[]> files;

  private RunReportFiles(RunFolder folder, Map<String, byte[]> files) {
    this.folder = folder;
    this.files = files;
  }

  /** The report from the contents of the folder, drawn but not yet written. */
  public static RunReportFiles of(RunFolder folder) {
    return new RunReportFiles(folder, RunReport.files(RunData.read(folder)));
  }

  /**
   * Writes the report.
   *
   * @return the location of the page
   */
  public String write() {
    // The page last: when it exists, so do its images.
    Map<String, byte[]> images = new LinkedHashMap<>(files);
    byte[] page = images.remove(RunReport.INDEX);
    images.forEach(folder::replaceReport);
    folder.replaceReport(RunReport.INDEX, page);
    return folder.location() + "/" + RunFolder.REPORT + "/" + RunReport.INDEX;
  }

  /** Whether there is the report of a run as it is now; one that went on has its earlier one. */
  public static boolean isCurrent(RunFolder folder) {
    return folder
        .read(RunFolder.REPORT + "/" + RunReport.INDEX)
        .filter(page -> RunPage.isOf(RunData.ofRecord(folder), page))
        .isPresent();
  }

  /**
   * Writes the report at the end of training.
   *
   * @return a line that says where the page is, or why there is none
   */
  public static String afterTraining(RunFolder folder) {
    return orWarning(
        () -> of(folder).write(),
        reason ->
            String.format(
                Locale.ROOT,
                "no report (%s): run report %s on a machine with fonts (fontconfig) and memory",
                reason,
                folder.location()));
  }

  /**
   * A line about a report at a job's end. What was trained is worth more than its report, so a
   * failure is only a warning.
   *
   * @param written writes the report and says where its page is
   * @param warning what to say for a reason
   */
  public static String orWarning(Supplier<String> written, UnaryOperator<String> warning) {
    return SideWork.orElse(
        () -> "report in " + written.get(), reason -> "warning: " + warning.apply(reason));
  }
}
