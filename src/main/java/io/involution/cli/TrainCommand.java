package io.involution.cli;

import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import io.involution.config.hocon.Recipes;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.TrainJob;
import io.involution.driver.input.DriverFile;
import io.involution.driver.present.Presentation;
import io.involution.driver.process.StopSignal;
import io.involution.driver.process.StopSignal.Stop;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.run.Deadline;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the networks and writes a run's folder. */
@Command(
    name = "train",
    description = "Trains the networks, evaluates them after every epoch and compares them.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "HOCON file with any of these options, as in conf/train.conf, or a recipe of the job:"
              + " ${COMPLETION-CANDIDATES}. The command line overrides it.",
      completionCandidates = RecipeNames.class)
  private String config;

  @Override
  public Integer call() {
    TrainOptions given = options();
    TrainOptions options = given.with(RunPlace.named(given.output()));
    String name = ApplicationName.of("train", options.output().out());
    try (ClusterSession session = ClusterSession.open(name)) {
      Presentation shown = Presentation.ofCommand();
      new TrainJob(RunInputs.forNetworks(session, shown::notice), options, Deadline.NEVER, shown)
          .run(run -> StopSignal.watch(session, stop(run))::end);
    }
    return 0;
  }

  private static Stop stop(TrainJob.Watched run) {
    String line =
        "stopped: the last checkpoint is kept; run the same command with --out "
            + run.location()
            + " --resume to resume it";
    return new Stop(line, run.last(), run.seen());
  }

  private TrainOptions options() {
    return TrainConfig.load(
        TrainFlags.given(spec), Optional.ofNullable(config).map(TrainCommand::settings));
  }

  private static NamedText settings(String name) {
    return new NamedText(Places.shown(name), Recipes.text(name).orElseGet(() -> file(name)));
  }

  private static String file(String name) {
    try {
      return DriverFile.text("--config", name, HadoopSettings.here());
    } catch (InputException e) {
      // A name without a folder and an ending may be a recipe's, misspelled.
      throw name.matches("[\\w-]+")
          ? new InputException(
              e.getMessage() + ", or use a recipe: " + String.join(", ", Recipes.NAMES), e)
          : e;
    }
  }

  /** The recipes, for the help. */
  private static final class RecipeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Recipes.NAMES.iterator();
    }
  }
}
