package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.doctor.DoctorJob;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks whether a run with the same options would work. */
@Command(
    name = "doctor",
    description =
        "Takes train's options, checks whether the training would work, and says what to change.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ConfigFlag config;

  @Override
  public Integer call() {
    TrainOptions options = config.options();
    try (ClusterSession session =
        ClusterSession.open(ApplicationName.of("doctor", options.output().out()))) {
      new DoctorJob(session, options, System.out).run();
    }
    return 0;
  }
}
