package io.involution.cli;

import io.involution.driver.present.ReportPlace;
import io.involution.driver.present.RunReportFiles;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.report.RunReport;
import io.involution.report.RunsReport;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rebuilds the report of a run from its folder, or compares several runs. */
@Command(
    name = "report",
    description =
        "Rebuilds the report of a run from its folder, or compares several runs in one report.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders of runs.")
  private List<String> folders;

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      description =
          "Where the report goes: a folder, or an .html file for the page alone. Default: report/"
              + " in the folder of the run.")
  private String out;

  @Override
  public Integer call() {
    if (folders.size() > 1 && out == null) {
      throw new InputException("a comparison of several runs needs its own folder: add --out DIR");
    }
    Configuration hadoop = HadoopSettings.here();
    PrintStream terminal = System.out;
    terminal.println("written to " + write(hadoop));
    terminal.flush();
    return 0;
  }

  private String write(Configuration hadoop) {
    if (out != null) {
      ReportPlace.check(out, hadoop);
    }
    if (folders.size() == 1) {
      RunFolder folder = RunFolder.read(folders.get(0), hadoop);
      return out == null
          ? inItsOwnFolder(folder)
          : ReportPlace.write(out, RunReport.files(RunData.read(folder)), hadoop);
    }
    List<RunData> runs = new ArrayList<>();
    for (RunFolder folder : different(hadoop)) {
      runs.add(RunData.results(folder));
    }
    return ReportPlace.write(out, RunsReport.files(runs), hadoop);
  }

  /** A run that counts twice would look like two that agree. */
  private List<RunFolder> different(Configuration hadoop) {
    Map<String, RunFolder> runs = new LinkedHashMap<>();
    for (String folder : folders) {
      RunFolder run = RunFolder.read(folder, hadoop);
      if (runs.put(run.location(), run) != null) {
        throw new InputException(run.location() + " is given twice: name each run once");
      }
    }
    return List.copyOf(runs.values());
  }

  /** Whoever may only read a run needs another place for its report. */
  private static String inItsOwnFolder(RunFolder folder) {
    RunReportFiles report = RunReportFiles.of(folder);
    try {
      return report.write();
    } catch (RunFailedException e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s cannot be written (%s): name another folder with --out",
              folder.location(),
              RunFolder.REPORT,
              Places.reason(e.getCause() == null ? e : e.getCause())),
          e);
    }
  }
}
