package io.involution.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same small training everywhere: the involution network in epochs of a few short rounds. */
final class SmallRun {
  private SmallRun() {}

  /** A command line of {@code submit/}: its words before the command, then train's options. */
  static List<String> train(List<String> submit, int workers, String data, String out) {
    List<String> command = new ArrayList<>(submit);
    command.addAll(List.of("train", "--model", "involution", "--data", data, "--out", out));
    command.addAll(List.of("--workers", String.valueOf(workers), "--epochs", "6"));
    command.addAll(List.of("--train-limit", "1200", "--test-limit", "240"));
    command.addAll(List.of("--batch-size", "192", "--averaging-period", "2"));
    // One configuration everywhere: GPUs that only pretend to be there are not computed on.
    command.addAll(List.of("--device", "cpu"));
    return command;
  }

  /** The figures of the same run in one JVM, which all others have to equal. */
  static String inOneJvm(Path folder, int workers, String data) throws InterruptedException {
    Path out = folder.resolve("in-one-jvm-" + workers);
    List<String> command = train(List.of("submit/local"), workers, data, out.toString());
    try (JobProcess run = JobProcess.start(folder, command)) {
      if (run.await() != 0) {
        throw new AssertionError(run.err());
      }
    }
    return RunFigures.of(out);
  }
}
