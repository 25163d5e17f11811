package io.involution.driver.process;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A stream that passes printed text on, one whole line at a time. */
public final class LineStream extends PrintStream {
  /** Passes the lines to a consumer, without line terminators. */
  public LineStream(Consumer<String> lines) {
    super(new Lines(lines), false, StandardCharsets.UTF_8);
  }

  private static final class Lines extends OutputStream {
    private final Consumer<String> lines;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    private Lines(Consumer<String> lines) {
      this.lines = lines;
    }

    @Override
    public synchronized void write(int character) {
      if (character == '\n') {
        lines.accept(begun.toString(StandardCharsets.UTF_8).stripTrailing());
        begun.reset();
      } else {
        begun.write(character);
      }
    }
  }
}
