package io.involution.submit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A program to run in a folder, in an environment without what a developer's own Spark sets. */
record Command(Path folder, Map<String, String> environment, List<String> words) {
  private static final List<String> NOT_INHERITED =
      List.of("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_LOCAL_IP");
  private static final long LIMIT_SECONDS = 300;

  /** What a program left behind. */
  record Result(int exitCode, String out, String err) {}

  Command {
    environment = Map.copyOf(environment);
    words = List.copyOf(words);
  }

  static Command of(Path folder, Path program, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    return new Command(folder, Map.of("OMP_NUM_THREADS", "1"), words);
  }

  Command with(String variable, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Command(folder, more, words);
  }

  /** Starts it with its output in files, which no test has to drain. */
  Process start(File out, File err) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    NOT_INHERITED.forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    return builder.redirectOutput(out).redirectError(err).start();
  }

  Result run() throws IOException, InterruptedException {
    File out = File.createTempFile("command", ".out");
    File err = File.createTempFile("command", ".err");
    try {
      Process process = start(out, err);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(words + " ran too long: " + text(err));
      }
      return new Result(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out.toPath());
      Files.delete(err.toPath());
    }
  }

  static String text(File file) throws IOException {
    return Files.readString(file.toPath(), StandardCharsets.UTF_8);
  }
}
