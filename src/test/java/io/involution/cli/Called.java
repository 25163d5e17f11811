package io.involution.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A command called in this JVM.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Called(int code, String out, String err) {

  static Called command(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream newOut = new ByteArrayOutputStream();
    ByteArrayOutputStream newErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
      int code = Main.run(arguments);
      return new Called(
          code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The line with which the job refuses an input: there is only one. */
  String error() {
    var lines = err.lines().filter(line -> line.startsWith("error: ")).toList();
    if (code != 2 || lines.size() != 1 || err.contains("\tat ")) {
      throw new AssertionError("exit code " + code + ", " + err);
    }
    return lines.get(0);
  }
}
