package io.involution.soak;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run that is disturbed while it goes on: the driver's process and what it has said so far. */
final class SoakProcess implements AutoCloseable {
  private static final long MINUTES = 10;

  private final Process process;
  private final Path out;
  private final Path err;

  private SoakProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command of {@code submit/}; its output goes to files in a folder. */
  static SoakProcess start(Path folder, List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "run", ".out");
      Path err = Files.createTempFile(folder, "run", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new SoakProcess(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a text on standard output. */
  void awaitOut(String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!out().contains(text)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("never said '" + text + "': " + out() + err());
      }
      Thread.sleep(20);
    }
  }

  /** Waits for the end and gives the exit code. */
  int await() throws InterruptedException {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      throw new AssertionError("did not end: " + out() + err());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The driver: submit's scripts become it. */
  ProcessHandle driver() {
    return process.toHandle();
  }

  String out() {
    return text(out);
  }

  String err() {
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
