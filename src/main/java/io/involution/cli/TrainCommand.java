package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.TrainJob;
import io.involution.driver.present.Presentation;
import io.involution.driver.process.StopSignal;
import io.involution.driver.process.StopSignal.Stop;
import io.involution.run.Deadline;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains the networks and writes a run's folder. */
@Command(
    name = "train",
    description = "Trains the networks, evaluates them after every epoch and compares them.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes
final class TrainCommand implements Callable<Integer> {
  @Mixin private ConfigFlag config;

  @Override
  public Integer call() {
    TrainOptions given = config.options();
    TrainOptions options = given.with(RunPlace.named(given.output()));
    String name = ApplicationName.of("train", options.output().out());
    try (ClusterSession session = ClusterSession.open(name)) {
      Presentation shown = Presentation.ofCommand();
      new TrainJob(RunInputs.forNetworks(session, shown::notice), options, Deadline.NEVER, shown)
          .run(run -> StopSignal.watch(session, stop(run, options))::end);
    }
    return 0;
  }

  private static Stop stop(TrainJob.Watched run, TrainOptions options) {
    String line =
        options.trainer().resumes()
            ? "stopped: the last checkpoint is kept; run the same command with --out "
                + run.location()
                + " --resume to resume it"
            : "stopped: --trainer dl4j-spark cannot resume; run the same command with --out "
                + run.location()
                + " --overwrite to begin again";
    return new Stop(line, run.last(), run.seen());
  }
}
