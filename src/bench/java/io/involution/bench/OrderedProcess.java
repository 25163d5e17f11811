package io.involution.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that does what lines on its standard input order, and answers in lines. */
final class OrderedProcess implements AutoCloseable {
  private final String name;
  private final Path log;
  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param name its name in errors, and that of its log
   * @param builder its command and environment
   * @param folder where its log goes, which is all that it writes to standard error
   */
  OrderedProcess(String name, ProcessBuilder builder, Path folder) throws IOException {
    this.name = name;
    log = Files.createDirectories(folder).resolve(name + ".log");
    process = builder.redirectError(log.toFile()).start();
    orders = process.outputWriter(StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The program that runs a JVM like this one. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Tells it to do something. */
  void order(String line) {
    try {
      orders.write(line + "\n");
      orders.flush();
    } catch (IOException e) {
      throw ended(e);
    }
  }

  /** Waits for its next line. */
  String line() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw ended(null);
      }
      return line;
    } catch (IOException e) {
      throw ended(e);
    }
  }

  /** Waits for a line of a word and a number; passes over others. */
  double number(String word) {
    String start = word + " ";
    String line = line();
    while (!line.startsWith(start)) {
      line = line();
    }
    return Double.parseDouble(line.substring(start.length()));
  }

  private IllegalStateException ended(IOException cause) {
    return new IllegalStateException(name + " has ended, see " + log, cause);
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroy();
  }
}
