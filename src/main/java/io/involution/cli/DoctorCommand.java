package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.doctor.DoctorJob;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks whether a run with the same options would work. */
@Command(
    name = "doctor",
    description = "Checks whether train would work with these options, and says what to change.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes({
  "data",
  "out",
  "resume",
  "overwrite",
  "workers",
  "device",
  "gpu-engine",
  "precision",
  "wait-for-slots"
})
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    TrainOptions options = TrainFlags.options(spec);
    try (ClusterSession session =
        ClusterSession.open(ApplicationName.of("doctor", options.output().out()))) {
      new DoctorJob(session, options, System.out).run();
    }
    return 0;
  }
}
