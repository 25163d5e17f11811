package io.involution.bench;

import java.util.Optional;

/**
 * A line that a contender sends to the runner, in words separated by spaces. The first word tells
 * it from anything else on the contender's standard output.
 */
public final class Reply {
  private static final String MARK = "bench";

  private final String[] words;

  private Reply(String[] words) {
    this.words = words;
  }

  /** Says how long a step takes in one formulation. */
  public static String formulation(String name, double seconds) {
    return MARK + " formulation " + name + " " + seconds;
  }

  /** Says that the contender has shown that it learns, and waits for orders. */
  public static String ready(String formulation, NetworkSize size, double first, double last) {
    return String.join(
        " ",
        MARK,
        "ready",
        formulation,
        Long.toString(size.trainable()),
        Long.toString(size.statistics()),
        Double.toString(first),
        Double.toString(last));
  }

  /** Answers an order to take steps with the mean time of one. */
  public static String seconds(double seconds) {
    return MARK + " seconds " + seconds;
  }

  /** Reads a line; empty when it is no reply. */
  public static Optional<Reply> parse(String line) {
    String[] words = line.split(" ", -1);
    return words.length > 1 && words[0].equals(MARK)
        ? Optional.of(new Reply(words))
        : Optional.empty();
  }

  /** Whether it is the reply of that name. */
  public boolean is(String name) {
    return words[1].equals(name);
  }

  /** The word at a place, from 0, after the name. */
  public String word(int place) {
    return words[place + 2];
  }

  /** The number at a place, from 0, after the name. */
  public double number(int place) {
    return Double.parseDouble(word(place));
  }
}
