package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.apply.EvaluateJob;
import io.involution.driver.apply.EvaluateOptions;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates saved models on the test examples. */
@Command(
    name = "evaluate",
    description =
        "Evaluates saved models on the test examples and writes the results to a folder of their"
            + " own.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes({
  "data",
  "workers",
  "device",
  "test-limit",
  "test-time",
  "wait-for-slots",
  "images",
  "out",
  "overwrite"
})
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A model.zip, the folder that holds it, or the folder of a run with its models.")
  private String model;

  @Override
  public Integer call() {
    TrainFlags.requireAboveZero(spec, "workers", "test-limit");
    TrainOptions given = TrainFlags.options(spec);
    EvaluateOptions options =
        EvaluateOptions.of(
            model, given.with(RunPlace.named(given.output())), TrainFlags.recorded(spec, given));
    String name = ApplicationName.of("evaluate", options.output().out());
    try (ClusterSession session = ClusterSession.open(name)) {
      new EvaluateJob(RunInputs.forNetworks(session, System.out::println), options).run();
    }
    return 0;
  }
}
