package io.involution.data;

import java.io.Serializable;

/**
 * The examples that one worker owns, as uint8 pixels and labels. Immutable by convention: nobody
 * writes to the arrays after construction.
 */
public final class Shard implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] pixels;
  private final byte[] labels;

  /**
   * Wraps pixels and labels.
   *
   * @param pixels {@code size x 3 x 32 x 32} unsigned bytes, example by example in CHW order; kept,
   *     not copied
   * @param labels {@code size} labels, each 0 to 9; kept, not copied
   * @throws IllegalArgumentException if the two lengths do not match
   */
  public Shard(byte[] pixels, byte[] labels) {
    if (pixels.length != labels.length * ImageShape.PIXELS) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + pixels.length + " bytes of pixels");
    }
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Label of one example, 0 to 9. */
  public int label(int example) {
    return labels[example];
  }

  /** The backing pixels, {@code size x 3,072} unsigned bytes; not a copy. */
  public byte[] pixels() {
    return pixels;
  }

  /** The backing labels; not a copy. */
  public byte[] labels() {
    return labels;
  }
}
