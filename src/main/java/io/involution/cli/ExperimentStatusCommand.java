package io.involution.cli;

import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.ExperimentStatus;
import io.involution.experiment.Ledger;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the progress of an experiment. */
@Command(
    name = "status",
    description = "Shows the progress of every cell of an experiment, also while it runs.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExperimentStatusCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE|DIR",
      description =
          "The experiment's folder, or its file together with the --out that it was started with.")
  private String place;

  @Mixin private ExperimentFlags flags;

  @Override
  public Integer call() {
    ExperimentFolder folder = ExperimentPlace.find(place, flags);
    PrintStream terminal = System.out;
    ExperimentStatus status =
        ExperimentStatus.of(new Ledger(folder).rows(folder.planned()), folder);
    terminal.print(status.table());
    terminal.println(status.line());
    terminal.flush();
    return 0;
  }
}
