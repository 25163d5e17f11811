package io.involution.driver.present;

import java.io.PrintStream;

/**
 * How the output of a run is presented.
 *
 * @param lines receives progress messages and warnings
 * @param details receives everything else: what is trained, and the tables at the end
 * @param terminal whether a line can be updated in place
 * @param report whether the run draws its report at the end
 */
public record Presentation(
    PrintStream lines, PrintStream details, boolean terminal, boolean report) {

  /** The presentation of a command: everything goes to standard output. */
  public static Presentation ofCommand() {
    return new Presentation(System.out, System.out, isTerminal(), true);
  }

  /** The job runs on Java 17, where System.console() exists only on a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  /** Prints a detail. */
  public void notice(String line) {
    details.println(line);
    details.flush();
  }

  /** Prints a message that everybody should see. */
  public void line(String line) {
    lines.println(line);
    lines.flush();
  }
}
