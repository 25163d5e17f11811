package io.involution.model.whitening;

import io.involution.data.ImageShape;
import io.involution.data.Shard;

/**
 * Sums over all square patches of images that lie inside them, from which the patches' covariance
 * follows. They are whole numbers, so that it does not matter in which order they are added up.
 *
 * <p>A patch has {@code channels * size * size} pixels, in the order of a filter: channel, row,
 * column.
 */
public final class PatchStatistics {
  private final ImageShape image;
  private final int size;
  private final int rows;
  private final int columns;

  /** The pixels of one image, from 0 to 255. */
  private final int[] values;

  private PatchStatistics(ImageShape image, int size) {
    this.image = image;
    this.size = size;
    this.rows = image.height() - size + 1;
    this.columns = image.width() - size + 1;
    this.values = new int[image.pixels()];
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException("no patch of " + size + " rows in images of " + image);
    }
  }

  /**
   * The sums of a shard.
   *
   * @param size rows and columns of a patch
   * @return the sum of each pixel of the patches, then of each product of a pixel with itself and
   *     those after it, then the number of patches
   */
  public static long[] of(Shard shard, int size) {
    return new PatchStatistics(shard.image(), size).sums(shard);
  }

  private long[] sums(Shard shard) {
    int pixels = image.channels() * size * size;
    long[] sums = new long[length(pixels)];
    for (int example = 0; example < shard.size(); example++) {
      int from = shard.offset(example);
      for (int i = 0; i < values.length; i++) {
        values[i] = shard.pixels()[from + i] & 0xff;
      }
      int next = pixels;
      for (int a = 0; a < pixels; a++) {
        sums[a] += sum(first(a));
        for (int b = a; b < pixels; b++) {
          sums[next++] += products(first(a), first(b));
        }
      }
    }
    sums[sums.length - 1] = (long) shard.size() * rows * columns;
    return sums;
  }

  /** Number of sums for patches of so many pixels. */
  private static int length(int pixels) {
    return pixels + pixels * (pixels + 1) / 2 + 1;
  }

  /** Number of pixels of the patches whose sums these are. */
  static int pixels(long[] sums) {
    int pixels = 1;
    while (length(pixels) < sums.length) {
      pixels++;
    }
    if (length(pixels) != sums.length) {
      throw new IllegalArgumentException(sums.length + " sums are those of no patches");
    }
    return pixels;
  }

  /** Where a pixel of the top left patch is in the image. */
  private int first(int pixel) {
    int channel = pixel / (size * size);
    int row = pixel / size % size;
    return channel * image.plane() + row * image.width() + pixel % size;
  }

  private long sum(int from) {
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int i = row * image.width(); i < row * image.width() + columns; i++) {
        sum += values[from + i];
      }
    }
    return sum;
  }

  private long products(int first, int second) {
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      int ofRow = 0;
      int start = row * image.width();
      for (int i = start; i < start + columns; i++) {
        ofRow += values[first + i] * values[second + i];
      }
      sum += ofRow;
    }
    return sum;
  }

  /**
   * The covariance of the patches as a network takes them.
   *
   * @param sums the sums over all images
   * @param deviations by which each pixel of a patch is divided, as a value from 0 to 255
   */
  static double[][] covariance(long[] sums, double[] deviations) {
    int pixels = deviations.length;
    double patches = sums[sums.length - 1];
    double[][] covariance = new double[pixels][pixels];
    int next = pixels;
    for (int a = 0; a < pixels; a++) {
      for (int b = a; b < pixels; b++) {
        double product = sums[next++] / patches - sums[a] / patches * (sums[b] / patches);
        covariance[a][b] = product / (deviations[a] * deviations[b]);
        covariance[b][a] = covariance[a][b];
      }
    }
    return covariance;
  }
}
