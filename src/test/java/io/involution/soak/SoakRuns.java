package io.involution.soak;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.cluster.SmallRun;
import io.involution.site.LeNet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Small runs of one configuration, to be disturbed: three workers, epochs of four rounds. */
final class SoakRuns {
  private final Path folder;
  private final String model;
  private final int epochs;
  private final int examples;
  private final Path jar;
  private final Path networks;

  /** Runs of this job's networks, or of one in the jar of {@link LeNet}, which executors get. */
  SoakRuns(Path folder, String model, int epochs) {
    this(folder, model, epochs, 1200);
  }

  /** The same with so many examples: a multiple of 25, which make as many rounds. */
  SoakRuns(Path folder, String model, int epochs, int examples) {
    this.folder = folder;
    this.model = model;
    this.epochs = epochs;
    this.examples = examples;
    this.jar = SoakJar.write(folder);
    this.networks = SoakJar.write(folder, LeNet.class);
  }

  /** Starts a run in one JVM: the same bits in the shortest time. */
  JobProcess local(String name, String... options) {
    List<String> command = command(List.of("submit/local"), name);
    command.addAll(List.of(options));
    return JobProcess.start(folder, command);
  }

  /** The figures of a run in one JVM, the one that tests share. */
  String undisturbed() {
    return SmallRun.inOneJvm(command(List.of(), "undisturbed"), folder.resolve("undisturbed"));
  }

  /** Starts a run with executors of their own. */
  JobProcess cluster(String name, String... submitOptions) {
    List<String> submit =
        new ArrayList<>(List.of("submit/local-cluster", "--master", "local-cluster[3,1,1024]"));
    submit.addAll(List.of(submitOptions));
    return JobProcess.start(folder, command(submit, name));
  }

  /** Starts a run whose executors die by plan. */
  JobProcess killed(String name, List<KillPlan> plans, String... submitOptions) {
    List<String> submit = new ArrayList<>(List.of(submitOptions));
    submit.addAll(plugin(name, ExecutorKiller.class));
    submit.addAll(List.of("--conf", KillPlan.SETTING + "=" + KillPlan.written(plans)));
    // So many pieces that a fetch takes long enough to be seen.
    submit.addAll(List.of("--conf", "spark.broadcast.blockSize=8k"));
    if (plans.stream().anyMatch(plan -> plan.point() == KillPoint.CHECKPOINT)) {
      submit.addAll(
          List.of(
              "--conf",
              "spark.hadoop.fs.file.impl=" + KillingFileSystem.class.getName(),
              "--conf",
              "spark.hadoop." + KillingFileSystem.MARKS + "=" + marks(name).folder()));
    }
    return cluster(name, submit.toArray(String[]::new));
  }

  /** Starts a run whose executor 0 is slow, on more executors than workers. */
  JobProcess slow(String name, String... submitOptions) {
    List<String> submit = new ArrayList<>(List.of(submitOptions));
    submit.addAll(plugin(name, SlowExecutor.class));
    return cluster(name, submit.toArray(String[]::new));
  }

  private List<String> plugin(String name, Class<?> type) {
    return List.of(
        "--jars",
        jar + "," + networks,
        // spark-submit itself opens files, before it has the jars.
        "--driver-class-path",
        jar.toString(),
        "--conf",
        "spark.plugins=" + type.getName(),
        "--conf",
        Marks.SETTING + "=" + marks(name).folder());
  }

  /** The points that a run has reached. */
  Marks marks(String name) {
    try {
      return new Marks(Files.createDirectories(folder.resolve(name + ".marks")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The executors that took part in a run, by the rows of its metrics. */
  Set<String> executors(String name) {
    return RunFigures.executors(folder.resolve(name));
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
            String.valueOf(examples),
            "--test-limit",
            String.valueOf(examples / 4),
            "--batch-size",
            String.valueOf(examples / 25 * 4),
            "--averaging-period",
            "2",
            "--epochs",
            String.valueOf(epochs),
            "--workers",
            "3",
            "--out",
            folder.resolve(name).toString()));
    return command;
  }
}
