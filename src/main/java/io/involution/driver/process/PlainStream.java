package io.involution.driver.process;

import io.involution.failure.PlainText;
import java.io.PrintStream;

/**
 * A stream that prints text without control characters, whatever the text was made of. A carriage
 * return passes as the first character of a text: with it, a progress line is updated in place.
 */
public final class PlainStream extends PrintStream {
  private static volatile boolean mute;

  private final PrintStream printed;

  private PlainStream(PrintStream out) {
    super(out, true);
    this.printed = out;
  }

  /** Makes standard output and standard error such streams. */
  public static void install() {
    if (!(System.out instanceof PlainStream)) {
      System.setOut(new PlainStream(System.out));
    }
    if (!(System.err instanceof PlainStream)) {
      System.setErr(new PlainStream(System.err));
    }
  }

  /**
   * Says whether all of them print nothing.
   *
   * @param on true once the process has said its last line, false when a command begins
   */
  static void mute(boolean on) {
    mute = on;
  }

  @Override
  public void print(String text) {
    if (mute) {
      return;
    }
    String whole = String.valueOf(text);
    boolean inPlace = whole.startsWith("\r");
    // In the encoding of the stream itself.
    printed.print((inPlace ? "\r" : "") + PlainText.lines(inPlace ? whole.substring(1) : whole));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (!mute) {
      super.write(bytes, offset, length);
    }
  }

  /** Only stack traces are printed as objects; those for standard error go to the log file. */
  @Override
  public void println(Object value) {
    if (this != System.err || !ConsoleLog.keepTraceLine(value)) {
      super.println(value);
    }
  }

  @Override
  public void print(char character) {
    print(String.valueOf(character));
  }

  @Override
  public void print(char[] characters) {
    print(String.valueOf(characters));
  }

  @Override
  public void print(Object value) {
    print(String.valueOf(value));
  }
}
