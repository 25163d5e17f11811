package io.involution.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program on this machine that prints a short answer, with a time limit. */
public final class HostCommand {
  private HostCommand() {}

  /**
   * The output of a command.
   *
   * @param code its exit code
   * @param out its standard output
   * @param err its standard error
   */
  public record Answer(int code, String out, String err) {}

  /** The program does not exist or cannot be started. */
  public static final class NotStartedException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotStartedException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    /** Whether there is no such program; Java tells only by the system's number. */
    public boolean isAbsent() {
      return String.valueOf(getMessage()).contains("error=2,");
    }
  }

  /**
   * Runs a program; one that takes too long is terminated.
   *
   * @throws NotStartedException when the program does not exist
   * @throws IOException when its output cannot be read
   * @throws TimeoutException when it took longer than the limit
   */
  public static Answer run(List<String> command, Duration limit)
      throws IOException, TimeoutException {
    Path out = Files.createTempFile("command", ".out");
    Path err = Files.createTempFile("command", ".err");
    try {
      int code = run(command, limit, out, err);
      return new Answer(code, text(out), text(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /** Writes to files, because a pipe that is not read meanwhile could fill up. */
  private static int run(List<String> command, Duration limit, Path out, Path err)
      throws NotStartedException, TimeoutException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new NotStartedException(e);
    }
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException("no answer in " + limit.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
