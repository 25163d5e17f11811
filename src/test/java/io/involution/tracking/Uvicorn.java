package io.involution.tracking;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MLflow's routes behind uvicorn, the server that MLflow itself starts since 2025. */
final class Uvicorn implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Path seen;
  private final int port;

  /**
   * Starts a server.
   *
   * @param python a Python that has uvicorn
   * @param folder where it writes
   * @param parser httptools or h11
   */
  Uvicorn(String python, Path folder, String parser, Map<String, String> environment)
      throws IOException {
    Path app = Path.of("src/test/resources/io/involution/tracking/mlflow_app.py");
    Files.copy(app, folder.resolve("mlflow_app.py"));
    seen = folder.resolve("seen");
    ProcessBuilder command =
        new ProcessBuilder(
            python,
            "-B",
            "-m",
            "uvicorn",
            "mlflow_app:app",
            "--port",
            "0",
            "--no-access-log",
            "--http",
            parser);
    command.directory(folder.toFile()).redirectOutput(Redirect.to(seen.toFile()));
    command.environment().putAll(environment);
    process = command.start();
    port = port(process);
  }

  /** A Python that has uvicorn and both of its parsers; empty if there is none. */
  static Optional<String> python() {
    return List.of("python3", "/usr/bin/python3").stream().filter(Uvicorn::hasAll).findFirst();
  }

  private static boolean hasAll(String python) {
    try {
      return new ProcessBuilder(python, "-c", "import uvicorn, httptools, h11")
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int port(Process process) throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher found = PORT.matcher(line);
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("uvicorn did not start");
  }

  int port() {
    return port;
  }

  /** What arrived, one JSON text for each request. */
  List<String> seen() throws IOException {
    return Files.readAllLines(seen);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
