package io.involution.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command run as a user runs it, by a script of submit/ with real spark-submit.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error; without logs in a driver that tests share
 */
public record Submitted(int code, String out, String err) {
  private static final long MINUTES = 10;

  /**
   * Runs a command in the driver that tests share, with a slot for each of its workers, whatever
   * cores there are.
   */
  public static Submitted shared(String... arguments) {
    int workers = List.of(arguments).indexOf("--workers") + 1;
    return SharedDriver.run("local[" + (workers > 0 ? arguments[workers] : "*") + "]", arguments);
  }

  /** Runs {@code submit/TARGET ARGUMENTS} in a process of its own and waits for its end. */
  static Submitted run(String target, String... arguments) {
    List<String> command = new ArrayList<>(List.of("submit/" + target));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("submitted", ".out");
      Path err = Files.createTempFile("submitted", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end; " + Files.readString(err));
      }
      Submitted submitted = new Submitted(process.exitValue(), text(out), text(err));
      Files.delete(out);
      Files.delete(err);
      return submitted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The lines with which the job itself refuses an input. */
  List<String> errorLines() {
    return err.lines().filter(line -> line.startsWith("error: ")).toList();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
