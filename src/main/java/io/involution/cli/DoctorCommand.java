package io.involution.cli;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.doctor.DoctorJob;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks whether a run with the same options would work. */
@Command(
    name = "doctor",
    description =
        "Checks whether train would work with these options, and says what to change; changes nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Read by way of the parse result, as train's are; their defaults are in conf/train.conf. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "As for train: auto (default), synthetic, or a folder or tar.gz.")
  private String data;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "The folder that train would write to (default: runs/).")
  private String out;

  @SuppressWarnings("UnusedVariable")
  @Option(names = "--resume", description = "There may be a run in --out that would go on.")
  private Boolean resume;

  @SuppressWarnings("UnusedVariable")
  @Option(names = "--overwrite", description = "There may be a run in --out to be replaced.")
  private Boolean overwrite;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers, a task slot each (default: the task slots).")
  private Integer workers;

  @SuppressWarnings("UnusedVariable")
  @Option(names = "--device", paramLabel = "DEVICE", description = "auto (default), cpu or gpu.")
  private String device;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--wait-for-slots",
      paramLabel = "SECONDS",
      description = "How long to wait for as many task slots as workers (120).")
  private Integer waitForSlots;

  @Override
  public Integer call() {
    TrainOptions options = TrainConfig.load(TrainFlags.given(spec), Optional.empty());
    try (ClusterSession session = ClusterSession.open("involution doctor")) {
      new DoctorJob(session, options, System.out).run();
    }
    return 0;
  }
}
