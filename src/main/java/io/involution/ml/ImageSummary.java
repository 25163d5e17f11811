package io.involution.ml;

import io.involution.data.ImageShape;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What a table's examples have in common.
 *
 * @param examples how many there are
 * @param content a sum over the examples' contents, whatever their order
 * @param largestLabel the largest label; -1 without examples
 * @param shape the shape of the first image; null without examples
 * @param other another shape; null if all are the same
 * @param faults rows that are no example
 * @param fault what is wrong with one of them
 */
record ImageSummary(
    long examples,
    long content,
    int largestLabel,
    ImageShape shape,
    ImageShape other,
    long faults,
    String fault)
    implements Serializable {
  private static final int DIGITS = 16;

  /** The summary of no rows. */
  static final ImageSummary NONE = new ImageSummary(0, 0, -1, null, null, 0, null);

  /** The summary of a partition. */
  static Iterator<ImageSummary> of(Iterator<LabeledImage> images) {
    ImageSummary sum = NONE;
    while (images.hasNext()) {
      LabeledImage image = images.next();
      sum =
          sum.plus(
              image.fault() == null
                  ? new ImageSummary(1, content(image), image.label(), image.shape(), null, 0, null)
                  : new ImageSummary(0, 0, -1, null, null, 1, image.fault()));
    }
    return List.of(sum).iterator();
  }

  private static long content(LabeledImage image) {
    return Long.parseUnsignedLong(image.key().substring(0, DIGITS), 16);
  }

  /** Both together. */
  ImageSummary plus(ImageSummary more) {
    ImageShape first = shape == null ? more.shape : shape;
    ImageShape second = other == null ? more.other : other;
    if (second == null && more.shape != null && !more.shape.equals(first)) {
      second = more.shape;
    }
    return new ImageSummary(
        examples + more.examples,
        content + more.content,
        Math.max(largestLabel, more.largestLabel),
        first,
        second,
        faults + more.faults,
        fault == null ? more.fault : fault);
  }

  /**
   * Makes sure that a network can be trained on them.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  void check() {
    if (faults > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%,d of %,d rows cannot be used: %s", faults, faults + examples, fault));
    }
    if (examples == 0) {
      throw new IllegalArgumentException("there is no row to train on");
    }
    if (other != null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the images are not of one size: %s, but %s (channels x rows x columns): store them"
                  + " as files and set imageShape",
              shape,
              other));
    }
    if (examples > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("more than 2,147,483,647 rows: use a part of them");
    }
  }
}
