package io.involution.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * The contiguous range of examples that one of several workers owns. The ranges of all workers
 * cover every example once and differ in size by at most one.
 *
 * @param from first example, inclusive
 * @param to last example, exclusive
 */
public record ShardRange(int from, int to) implements Serializable {

  /** Checks that the range is not negative. */
  public ShardRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("invalid range: " + from + " to " + to);
    }
  }

  /**
   * The range of one worker.
   *
   * @param worker 0 to {@code workers - 1}
   * @param workers number of workers
   * @param examples number of examples to divide
   */
  public static ShardRange of(int worker, int workers, int examples) {
    if (worker < 0 || worker >= workers) {
      throw new IllegalArgumentException("worker " + worker + " of " + workers);
    }
    int from = (int) ((long) examples * worker / workers);
    int to = (int) ((long) examples * (worker + 1) / workers);
    return new ShardRange(from, to);
  }

  /**
   * Checks that a source has the range.
   *
   * @throws IllegalArgumentException if it extends beyond the subset
   */
  public void requireWithin(ExampleSource source, Subset subset) {
    if (to > source.size(subset)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s exceeds %d examples", this, source.size(subset)));
    }
  }

  /** Number of examples in the range. */
  public int size() {
    return to - from;
  }

  /** The same range, shifted by {@code offset} examples. */
  public ShardRange shifted(int offset) {
    return new ShardRange(from + offset, to + offset);
  }
}
