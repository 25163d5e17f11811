package io.involution.cli;

import io.involution.config.DeviceChoice;
import io.involution.config.OutputOptions;
import io.involution.config.ReportOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.apply.EvaluateJob;
import io.involution.driver.apply.EvaluateOptions;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a saved model on the test examples. */
@Command(
    name = "evaluate",
    description =
        "Evaluates a saved model on the test examples, spread over the workers, into a folder of its own.",
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

  @Option(
      names = "--images",
      paramLabel = "N,N...",
      description = "Draw the kernels of these test images too, by number from 0.")
  private String images = "";

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "Folder for the outputs (default: runs/ and the time in UTC).")
  private String out;

  @Option(
      names = "--overwrite",
      description = "Replace a run or an evaluation that is already in --out.")
  private boolean overwrite;

  @Override
  public Integer call() {
    EvaluateOptions options =
        new EvaluateOptions(
            model,
            data,
            DeviceChoice.parse(device),
            Optional.ofNullable(workers),
            Optional.ofNullable(testLimit),
            waitForSlots,
            new ReportOptions(false, Optional.empty(), ReportOptions.images(images)),
            new OutputOptions(Optional.ofNullable(out), false, overwrite));
    try (ClusterSession session = ClusterSession.open("involution evaluate")) {
      new EvaluateJob(RunInputs.forNetworks(session, System.out::println), options).run();
    }
    return 0;
  }
}
