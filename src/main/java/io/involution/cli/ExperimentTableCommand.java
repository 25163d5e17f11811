package io.involution.cli;

import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.ExperimentTable;
import io.involution.experiment.Ledger;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the complete cells of an experiment by one metric. */
@Command(
    name = "table",
    description =
        "Shows the mean and spread of a metric over cells that differ only in the seed, and marks"
            + " the best.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExperimentTableCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE|DIR",
      description =
          "The experiment's folder, or its file together with the --out that it was started with.")
  private String place;

  @Option(
      names = "--group-by",
      paramLabel = "OPTION",
      split = ",",
      description =
          "Options to group cells by, such as workers,period. Default: all that differ, except the"
              + " seed.")
  private List<String> groupBy = List.of();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description = "A metric of the results in run.json. Default: ${DEFAULT-VALUE}.")
  private String metric = "test_accuracy";

  @Option(
      names = "--against",
      paramLabel = "OPTION=VALUE",
      // Only before the next option: values such as 1,16@3 have commas of their own.
      split = ",(?=[^,]*=)",
      splitSynopsisLabel = ",",
      description =
          "Compare all cells with those that have these values, paired by seed, such as"
              + " workers=1,period=16: mean difference and its 95 %% interval.")
  private Map<String, String> against = new LinkedHashMap<>();

  @Option(names = "--csv", description = "Print comma-separated values with full precision.")
  private boolean csv;

  @Mixin private ExperimentFlags flags;

  @Override
  public Integer call() {
    ExperimentFolder folder = ExperimentPlace.find(place, flags);
    ExperimentTable table =
        new ExperimentTable(new Ledger(folder).rows(folder.planned()), groupBy, metric, against);
    PrintStream terminal = System.out;
    terminal.print(csv ? table.csv() : table.text());
    terminal.flush();
    return 0;
  }
}
