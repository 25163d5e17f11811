package io.involution.cli;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a saved model on the test examples. */
@Command(
    name = "evaluate",
    description = "Evaluates a saved model on the test examples, spread over the workers.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "A model.zip that train wrote, or the folder that holds it.")
  private String model;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "As for train: auto (default), synthetic, or a folder or tar.gz.")
  private String data = "auto";

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers, each with a share of the examples (default: the task slots).")
  private Integer workers;

  @Option(names = "--device", paramLabel = "DEVICE", description = "auto (default), cpu or gpu.")
  private String device = "auto";

  @Option(
      names = "--test-limit",
      paramLabel = "N",
      description = "Use the first N test examples only.")
  private Integer testLimit;

  @Option(
      names = "--wait-for-slots",
      paramLabel = "SECONDS",
      description = "How long to wait for as many task slots as workers (120).")
  private int waitForSlots = 120;

  @Override
  public Integer call() {
    DeviceChoice chosen = DeviceChoice.parse(device);
    atLeastOne("--workers", workers);
    atLeastOne("--test-limit", testLimit);
    try (ClusterSession session = ClusterSession.open("involution evaluate")) {
      new EvaluateJob(session, model, data, chosen, Optional.ofNullable(testLimit))
          .run(Optional.ofNullable(workers), waitForSlots);
    }
    return 0;
  }

  private static void atLeastOne(String option, Integer value) {
    if (value != null && value < 1) {
      throw new InputException(option + " is " + value + ": use 1 or more");
    }
  }
}
