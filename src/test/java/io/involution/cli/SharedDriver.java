package io.involution.cli;

import io.involution.metrics.Json;
import io.involution.soak.SoakJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A driver started once by {@code submit/local}, with the job jar and real spark-submit, in which
 * the test classes of one JVM run their commands. A command has its own Spark context, as in a
 * driver of its own, but neither a JVM to start nor classes to load.
 */
final class SharedDriver implements AutoCloseable {
  private static final long MINUTES = 10;
  private static SharedDriver running;

  private final Path folder;
  private final Process process;
  private int commands;

  private SharedDriver() throws IOException {
    this(List.of(), Map.of());
  }

  /**
   * A driver for one test.
   *
   * @param submitOptions of submit/local
   * @param environment more variables
   */
  SharedDriver(List<String> submitOptions, Map<String, String> environment) throws IOException {
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "shared-driver");
    String jar = SoakJar.write(folder, CommandLoop.class).toString();
    List<String> words = new ArrayList<>(List.of("submit/local", "--driver-memory", "1g"));
    words.addAll(submitOptions);
    words.addAll(List.of("--jars", jar, "--class", CommandLoop.class.getName()));
    words.add(folder.resolve("err").toString());
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("log").toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** Runs a command with a master, such as {@code local[2]}. */
  static synchronized Submitted run(String master, String... arguments) {
    try {
      if (running == null) {
        running = new SharedDriver();
      }
      return running.command(master, List.of(arguments), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs a command.
   *
   * @param master such as {@code local[2]}
   * @param settings of Spark, for this command only
   */
  Submitted command(String master, List<String> arguments, Map<String, String> settings)
      throws IOException, InterruptedException {
    int outBefore = bytes("out").length;
    int errBefore = bytes("err").length;
    Path answer = folder.resolve("answer-" + ++commands);
    Map<String, Object> command =
        Map.of(
            "master",
            master,
            "arguments",
            arguments,
            "settings",
            settings,
            "answer",
            answer.toString());
    process
        .getOutputStream()
        .write((Json.MAPPER.writeValueAsString(command) + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!Files.exists(answer)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        running = null;
        throw new AssertionError(
            arguments + ": " + text("out", outBefore) + text("err", errBefore) + text("log", 0));
      }
      Thread.sleep(10);
    }
    int code = Integer.parseInt(Files.readString(answer));
    return new Submitted(code, text("out", outBefore), text("err", errBefore));
  }

  /** Ends the driver. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  private byte[] bytes(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  /** What has been written since a command began. */
  private String text(String name, int before) throws IOException {
    byte[] all = bytes(name);
    return new String(all, before, all.length - before, StandardCharsets.UTF_8);
  }
}
