package io.involution.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A job that was submitted: the process of submit's script and what it has said so far. */
public final class JobProcess implements AutoCloseable {
  private static final long MINUTES = 10;

  private final Process process;
  private final Path out;
  private final Path err;

  private JobProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command of {@code submit/}; its output goes to files in a folder. */
  public static JobProcess start(Path folder, List<String> command) {
    return start(folder, command, Map.of());
  }

  /** Starts a command with more environment variables. */
  public static JobProcess start(
      Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile(folder, "run", ".out");
      Path err = Files.createTempFile(folder, "run", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      return new JobProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a text on standard output. */
  public void awaitOut(String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!out().contains(text)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("never said '" + text + "': " + out() + err());
      }
      Thread.sleep(20);
    }
  }

  /** Waits for the end and gives the exit code. */
  public int await() throws InterruptedException {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      throw new AssertionError("did not end: " + out() + err());
    }
    return process.exitValue();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The driver: submit's scripts become it. */
  public ProcessHandle driver() {
    return process.toHandle();
  }

  /** Its standard output so far. */
  public String out() {
    return text(out);
  }

  /** Its standard error so far. */
  public String err() {
    return text(err);
  }

  /** Ends what a failed test has left. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
