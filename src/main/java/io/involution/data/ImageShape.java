package io.involution.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * The shape of a data set's images: planes of rows of columns, one after the other.
 *
 * @param channels color planes, 1 to 4: gray; gray and alpha; red, green, blue; and alpha
 * @param height rows of a plane, 1 to 256
 * @param width columns of a plane, 1 to 256
 */
public record ImageShape(int channels, int height, int width) implements Serializable {
  /** Largest number of color planes. */
  public static final int MOST_CHANNELS = 4;

  /** Largest number of rows and of columns. */
  public static final int MOST_SIZE = 256;

  /** CIFAR-10's images: three planes of 32 x 32. */
  public static final ImageShape CIFAR10 = new ImageShape(3, 32, 32);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ImageShape {
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw new IllegalArgumentException("images of " + channels + " channels");
    }
    if (height < 1 || height > MOST_SIZE || width < 1 || width > MOST_SIZE) {
      throw new IllegalArgumentException("images of " + height + " x " + width + " pixels");
    }
  }

  /** Values of a plane: height x width. */
  public int plane() {
    return height * width;
  }

  /** Bytes of an image: channels x height x width. */
  public int pixels() {
    return channels * plane();
  }

  /** The shape as people read it, such as {@code 3 x 32 x 32}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d x %d x %d", channels, height, width);
  }
}
