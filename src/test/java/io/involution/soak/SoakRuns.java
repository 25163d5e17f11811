package io.involution.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small runs of one configuration, to be disturbed: three workers, three epochs of four rounds. */
final class SoakRuns {
  /** The job description of a round. */
  static final String ROUND = "epoch %d, round %d";

  private final Path folder;
  private final String model;
  private final Path jar;

  SoakRuns(Path folder, String model) {
    this.folder = folder;
    this.model = model;
    this.jar = SoakJar.write(folder);
  }

  /** Starts a run in one JVM: the same bits in the shortest time. */
  SoakProcess local(String name) {
    return SoakProcess.start(folder, command(List.of("submit/local"), name));
  }

  /** Starts a run with executors of their own. */
  SoakProcess cluster(String name, String... submitOptions) {
    List<String> submit =
        new ArrayList<>(List.of("submit/local-cluster", "--master", "local-cluster[3,1,1024]"));
    submit.addAll(List.of(submitOptions));
    return SoakProcess.start(folder, command(submit, name));
  }

  /** Starts a run whose executors die by plan. */
  SoakProcess killed(String name, List<KillPlan> plans) {
    return cluster(
        name,
        "--jars",
        jar.toString(),
        // spark-submit itself opens files, before it has the jars.
        "--driver-class-path",
        jar.toString(),
        "--conf",
        "spark.plugins=" + ExecutorKiller.class.getName(),
        "--conf",
        KillPlan.SETTING + "=" + KillPlan.written(plans),
        "--conf",
        Marks.SETTING + "=" + marks(name).folder(),
        "--conf",
        "spark.hadoop.fs.file.impl=" + KillingFileSystem.class.getName(),
        "--conf",
        "spark.hadoop." + KillingFileSystem.MARKS + "=" + marks(name).folder(),
        // So many pieces that a fetch takes long enough to be seen.
        "--conf",
        "spark.broadcast.blockSize=4k");
  }

  /** The points that a run has reached. */
  Marks marks(String name) {
    try {
      return new Marks(Files.createDirectories(folder.resolve(name + ".marks")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a run has found out. */
  String figures(String name) {
    return RunFigures.of(folder.resolve(name));
  }

  private List<String> command(List<String> submit, String name) {
    List<String> command = new ArrayList<>(submit);
    command.addAll(
        List.of(
            "train",
            "--model",
            model,
            "--data",
            "synthetic",
            "--train-limit",
            "1200",
            "--test-limit",
            "300",
            "--batch-size",
            "192",
            "--averaging-period",
            "2",
            "--epochs",
            "3",
            "--workers",
            "3",
            "--out",
            folder.resolve(name).toString()));
    return command;
  }
}
