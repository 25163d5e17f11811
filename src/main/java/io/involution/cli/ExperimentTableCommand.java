package io.involution.cli;

import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.ExperimentTable;
import io.involution.experiment.Ledger;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the complete cells of an experiment by one figure. */
@Command(
    name = "table",
    description =
        "Shows a figure's mean and spread over like cells (other seeds, say), the best marked.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExperimentTableCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "The experiment's folder, or its file where --out is as it was started.")
  private String place;

  @Option(
      names = "--group-by",
      paramLabel = "SETTING,...",
      split = ",",
      description =
          "Settings by which cells are alike, such as workers,period (default: all that differ, less the seed).")
  private List<String> groupBy = List.of();

  @Option(
      names = "--metric",
      paramLabel = "FIGURE",
      description = "A figure of run.json's results (test_accuracy).")
  private String metric = "test_accuracy";

  @Option(
      names = "--against",
      paramLabel = "SETTING=VALUE",
      split = ",",
      description =
          "Settings of the cells to compare all others with, seed by seed, such as workers=1,period=16: mean difference with its 95 %% interval.")
  private Map<String, String> against = new LinkedHashMap<>();

  @Option(names = "--csv", description = "Print comma-separated values in full precision.")
  private boolean csv;

  @Mixin private ExperimentFlags flags;

  @Override
  public Integer call() {
    ExperimentFolder folder = ExperimentPlace.find(place, flags);
    ExperimentTable table =
        new ExperimentTable(new Ledger(folder).rows(folder.planned()), groupBy, metric, against);
    PrintWriter terminal = spec.commandLine().getOut();
    terminal.print(csv ? table.csv() : table.text());
    terminal.flush();
    return 0;
  }
}
