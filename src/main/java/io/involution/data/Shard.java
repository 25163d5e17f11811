package io.involution.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * The examples that one worker owns, as uint8 pixels and labels. Immutable by convention: nobody
 * writes to the arrays after construction.
 */
public final class Shard implements Serializable {
  private static final long serialVersionUID = 2L;

  private final ImageShape image;
  private final int classes;
  private final byte[] pixels;
  private final short[] labels;

  /**
   * Wraps pixels and labels.
   *
   * @param image the shape of every image
   * @param classes number of classes, up to 10,000
   * @param pixels {@code size x channels x height x width} unsigned bytes, example by example;
   *     kept, not copied
   * @param labels {@code size} labels, each from 0 to {@code classes - 1}; kept, not copied
   * @throws IllegalArgumentException if the two lengths do not match
   */
  public Shard(ImageShape image, int classes, byte[] pixels, short[] labels) {
    if (pixels.length != (long) labels.length * image.pixels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d labels of images of %s, but %d bytes of pixels",
              labels.length,
              image,
              pixels.length));
    }
    this.image = image;
    this.classes = classes;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The shape of every image. */
  public ImageShape image() {
    return image;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Label of one example, from 0 to {@code classes - 1}. */
  public int label(int example) {
    return labels[example];
  }

  /** Index of an example's first pixel. */
  public int offset(int example) {
    return example * image.pixels();
  }

  /**
   * A view of some of the examples, without a square that is cut out.
   *
   * @param view how their images are seen
   * @param from the first example, inclusive
   * @param to the last, exclusive
   */
  public Shard viewed(ImageView view, int from, int to) {
    byte[] seen = new byte[(to - from) * image.pixels()];
    int[] columns = view.sourceColumns(image.width());
    int place = 0;
    for (int plane = from * image.channels(); plane < to * image.channels(); plane++) {
      for (int row = 0; row < image.height(); row++) {
        int sourceRow = view.sourceRow(row, image.height());
        int start = plane * image.plane() + sourceRow * image.width();
        for (int column : columns) {
          // What is outside is black.
          seen[place++] = sourceRow >= 0 && column >= 0 ? pixels[start + column] : 0;
        }
      }
    }
    return new Shard(image, classes, seen, Arrays.copyOfRange(labels, from, to));
  }

  /** The backing pixels, unsigned bytes, image by image in CHW order; not a copy. */
  public byte[] pixels() {
    return pixels;
  }

  /** The backing labels; not a copy. */
  public short[] labels() {
    return labels;
  }
}
