package io.involution.train.average;

import java.io.Serializable;

/**
 * One of several stretches into which every section of a model state is cut. The slices cover every
 * entry once; in each section their sizes differ by at most one, and may be 0.
 *
 * @param index 0 to {@code count - 1}
 * @param count number of slices
 */
public record Slice(int index, int count) implements Serializable {
  /** The one slice that is everything. */
  public static final Slice WHOLE = new Slice(0, 1);

  /** Checks that there is such a slice. */
  public Slice {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("slice " + index + " of " + count);
    }
  }

  /** Its first entry in a section of so many. */
  public int from(int length) {
    return (int) ((long) length * index / count);
  }

  /** The entry after its last in a section of so many. */
  public int to(int length) {
    return (int) ((long) length * (index + 1) / count);
  }
}
