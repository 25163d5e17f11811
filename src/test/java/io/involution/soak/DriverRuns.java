package io.involution.soak;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.cluster.SmallRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Small runs in one JVM whose driver is disturbed: two workers, epochs of four rounds, a checkpoint
 * every three rounds, on a file system without renames.
 */
final class DriverRuns {
  /** What kill -9 makes of an exit code. */
  static final int KILLED = 137;

  private final Path folder;
  private final List<String> training;
  private final Path jar;

  /**
   * Runs with these options: the network, the epochs, how it is trained, and on so many examples
   * that an epoch has four rounds of two steps.
   */
  DriverRuns(Path folder, String... training) {
    this.folder = folder;
    this.training = List.of(training);
    this.jar = SoakJar.write(folder);
  }

  /** Where a run's outputs are. */
  Path out(String name) {
    return folder.resolve(name);
  }

  /** Starts a run, or goes on with it. */
  JobProcess start(String name, String... submitOptions) {
    List<String> command = new ArrayList<>(List.of("submit/local"));
    conf(command, "spark.hadoop.fs.store.impl", StoreFileSystem.class.getName());
    command.addAll(List.of(submitOptions));
    command.addAll(train("store://" + out(name)));
    command.add("--resume");
    // At the class path's end: in front of it, the JVM would leave its archive of Spark's classes.
    return JobProcess.start(folder, command, Map.of("SPARK_DIST_CLASSPATH", jar.toString()));
  }

  /** The figures of a run that nothing disturbs, in the driver that tests share, on the disk. */
  String undisturbed() {
    String name = "undisturbed";
    SmallRun.inOneJvm(train(out(name).toString()), out(name));
    return figures(name);
  }

  private List<String> train(String out) {
    List<String> command = new ArrayList<>(List.of("train", "--data", "synthetic", "--out", out));
    command.addAll(training);
    command.addAll(List.of("--averaging-period", "2", "--workers", "2"));
    command.addAll(List.of("--checkpoint-every", "3rounds"));
    return command;
  }

  /** Starts a run whose driver dies once at each of these points, or goes on with it. */
  JobProcess startKilled(
      String name,
      List<KillPlan> plans,
      List<FileKill> files,
      boolean cast,
      String... submitOptions) {
    List<String> options = new ArrayList<>(List.of(submitOptions));
    String marks = marks(name).folder().toString();
    conf(options, "spark.plugins", ExecutorKiller.class.getName());
    if (cast) {
      conf(options, "spark.broadcast.compress", "true");
      conf(options, "spark.io.compression.codec", DriverKiller.class.getName());
    }
    conf(options, KillPlan.SETTING, KillPlan.written(plans));
    conf(options, Marks.SETTING, marks);
    conf(options, "spark.hadoop." + FileKill.SETTING, FileKill.written(files));
    conf(options, "spark.hadoop." + KillingFileSystem.MARKS, marks);
    return start(name, options.toArray(String[]::new));
  }

  private static void conf(List<String> command, String key, String value) {
    command.addAll(List.of("--conf", key + "=" + value));
  }

  /** The names of the points that a run has reached. */
  List<String> reached(String name) throws IOException {
    try (Stream<Path> marks = Files.list(marks(name).folder())) {
      return marks.map(mark -> mark.getFileName().toString()).toList();
    }
  }

  /** Where a run marks the points that it has reached. */
  Marks marks(String name) {
    try {
      return new Marks(Files.createDirectories(folder.resolve(name + ".marks")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a run has found out. Which attempt trained a round is no figure: it tells that the run has
   * been resumed.
   */
  String figures(String name) {
    return RunFigures.of(out(name)).replaceAll(",\"run_attempt\":\\d+", "");
  }
}
