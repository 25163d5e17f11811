package io.involution.cluster;

import io.involution.cli.Submitted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same small training everywhere: the involution network in epochs of a few short rounds. */
public final class SmallRun {
  private SmallRun() {}

  /** For a driver in the cluster: those on this machine, and executors, are told by the build. */
  static List<String> quickDriver() {
    return List.of("--conf", "spark.driver.extraJavaOptions=" + quickOptions());
  }

  /** The options of JVMs that live for seconds. */
  public static String quickOptions() {
    return System.getenv().getOrDefault("SPARK_DAEMON_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
  }

  /** A command line of {@code submit/}: its words before the command, then train's options. */
  static List<String> train(List<String> submit, int workers, String data, String out) {
    List<String> command = new ArrayList<>(submit);
    command.addAll(List.of("train", "--model", "involution", "--data", data, "--out", out));
    command.addAll(List.of("--workers", String.valueOf(workers), "--epochs", "6"));
    command.addAll(List.of("--train-limit", "150", "--test-limit", "30"));
    command.addAll(List.of("--batch-size", "24", "--averaging-period", "2"));
    // One configuration everywhere: GPUs that only pretend to be there are not computed on.
    command.addAll(List.of("--device", "cpu"));
    return command;
  }

  /** The figures of the same run in one JVM, which all others have to equal. */
  static String inOneJvm(Path folder, int workers, String data) {
    Path out = folder.resolve("in-one-jvm-" + workers);
    return inOneJvm(train(List.of(), workers, data, out.toString()), out);
  }

  /** The figures of a run that needs no process of its own. */
  public static String inOneJvm(List<String> train, Path out) {
    Submitted run = Submitted.shared(train.toArray(String[]::new));
    if (run.code() != 0) {
      throw new AssertionError(run.err());
    }
    return RunFigures.of(out);
  }
}
