package io.involution.report;

import io.involution.report.page.RunsPage;
import io.involution.report.run.RunData;
import io.involution.report.run.RunGroups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report of several runs: the page, and its charts as files for slides. */
public final class RunsReport {
  private RunsReport() {}

  /**
   * Creates the files.
   *
   * @return their bytes, by name, the page first
   */
  public static Map<String, byte[]> files(List<RunData> runs) {
    String first = runs.isEmpty() ? "" : runs.get(0).location();
    return RunData.sound(first + " or a run beside it", () -> draw(runs));
  }

  private static Map<String, byte[]> draw(List<RunData> runs) {
    RunsPage page = new RunsPage(new RunGroups(runs));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(RunReport.INDEX, page.html());
    files.putAll(RunReport.files(page.charts()));
    return files;
  }
}
