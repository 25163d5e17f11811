package io.involution.driver.present;

import java.io.PrintStream;

/**
 * How a run shows itself.
 *
 * @param lines where progress and warnings go
 * @param details where all else goes: what is trained, tables at the end
 * @param terminal whether a line can be renewed
 * @param report whether the run draws its report at the end
 */
public record Presentation(
    PrintStream lines, PrintStream details, boolean terminal, boolean report) {

  /** That of a command: everything on standard output. */
  public static Presentation ofCommand() {
    return new Presentation(System.out, System.out, isTerminal(), true);
  }

  /** The job runs on Java 17, where a console is a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  /** Says something that may help somebody who looks closely. */
  public void notice(String line) {
    details.println(line);
    details.flush();
  }

  /** Says something that everybody should see. */
  public void line(String line) {
    lines.println(line);
    lines.flush();
  }
}
