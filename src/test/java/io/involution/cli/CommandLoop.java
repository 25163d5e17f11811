package io.involution.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The job of {@link SharedDriver}: runs one command after another in the JVM that spark-submit has
 * started. Each line of standard input is a command: its master, its arguments, its settings, and
 * the file that gets its exit code. Ends with its input, when whoever has started it is gone.
 */
public final class CommandLoop {
  private CommandLoop() {}

  /**
   * Runs commands until there are no more.
   *
   * @param arguments the file for what commands print on standard error. Logs stay where they are:
   *     threads of an earlier command's Spark context may still write them.
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("java.awt.headless", "true");
    OutputStream err = new FileOutputStream(arguments[0]);
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      run(Json.MAPPER.readTree(line));
    }
    System.exit(0);
  }

  private static void run(JsonNode command) throws IOException {
    System.setProperty("spark.master", command.get("master").asText());
    List<String> words = new ArrayList<>();
    command.get("arguments").forEach(word -> words.add(word.asText()));
    Map<String, String> settings = new TreeMap<>();
    JsonNode given = command.get("settings");
    given.fieldNames().forEachRemaining(key -> settings.put(key, given.get(key).asText()));
    settings.forEach(System::setProperty);
    int code = Main.run(words.toArray(String[]::new));
    settings.keySet().forEach(System::clearProperty);
    System.out.flush();
    System.err.flush();
    Path answer = Path.of(command.get("answer").asText());
    Path begun = answer.resolveSibling("begun");
    Files.writeString(begun, String.valueOf(code));
    Files.move(begun, answer, StandardCopyOption.ATOMIC_MOVE);
  }
}
