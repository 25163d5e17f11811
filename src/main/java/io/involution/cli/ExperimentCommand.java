package io.involution.cli;

import io.involution.config.AtLeast;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.value.TimeLimit;
import io.involution.driver.RunPlace;
import io.involution.driver.experiment.ExperimentJob;
import io.involution.driver.input.DriverFile;
import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.Limits;
import io.involution.experiment.Matrix;
import io.involution.experiment.MatrixFile;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.run.Deadline;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains every cell of an experiment. */
@Command(
    name = "experiment",
    description =
        "Trains every combination of some options in one Spark application. Started again, it runs"
            + " only the cells that are missing or failed.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {ExperimentStatusCommand.class, ExperimentTableCommand.class})
final class ExperimentCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The experiment: HOCON, as in conf/experiments.")
  private String file;

  @Mixin private ExperimentFlags flags;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description =
          "Stop after this time (90s, 45m, 8h), with checkpoints and exit code 3; the next start"
              + " resumes. Default: no limit.")
  private String timeLimit = "";

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Run at most N cells at the same time. Default: as many as there are task slots for.")
  private Integer parallel;

  @Option(
      names = "--max-cells",
      paramLabel = "N",
      description =
          "Run at most N cells, then exit: with 1, in a loop, one application per cell. Default:"
              + " all.")
  private Integer maxCells;

  @Override
  public Integer call() {
    if (file == null) {
      throw new InputException("experiment needs a FILE: use one of conf/experiments");
    }
    if (maxCells != null) {
      AtLeast.require("--max-cells", maxCells, 1);
    }
    Matrix matrix =
        matrix(file).with(Optional.ofNullable(parallel), TimeLimit.parse("time-limit", timeLimit));
    Limits limits =
        new Limits(
            Deadline.after(matrix.timeLimit()), maxCells == null ? Integer.MAX_VALUE : maxCells);
    if (!flags.nameFolder() && !matrix.namesFolder()) {
      RunPlace.requireLasting();
    }
    String out = flags.out(matrix.name(), matrix.out());
    try (ClusterSession session =
        ClusterSession.open(
            ApplicationName.of("experiment", Optional.of(out)),
            Map.of("spark.scheduler.mode", "FAIR"))) {
      ExperimentFolder folder = ExperimentFolder.at(out, session.hadoop());
      return new ExperimentJob(session, matrix, folder, limits).run();
    }
  }

  /** Reads an experiment file. */
  static Matrix matrix(String file) {
    String text = DriverFile.text("FILE", file, HadoopSettings.here());
    return MatrixFile.read(new NamedText(Places.shown(file), text));
  }
}
