package io.involution.data;

/**
 * An augmented view of an image: flipped or not, and shifted by up to {@link #MOST_SHIFT} pixels
 * along rows and columns over zero padding. This is the usual augmentation of CIFAR-10's training
 * images (He et al., CVPR 2016, section 4.2: 4 pixels of padding, a random 32 x 32 crop, a random
 * flip).
 *
 * @param flip whether the image is flipped horizontally, before the shift
 * @param down rows by which the image moves down; up if negative
 * @param right columns by which it moves right; left if negative
 */
public record ImageView(boolean flip, int down, int right) {
  /** The largest shift, in pixels. */
  public static final int MOST_SHIFT = 4;

  private static final int SHIFTS = 2 * MOST_SHIFT + 1;

  /** The number of different views. */
  public static final int COUNT = 2 * SHIFTS * SHIFTS;

  /** The view with a number from 0 to {@link #COUNT} - 1. */
  public static ImageView of(int number) {
    int shift = number / 2;
    return new ImageView(number % 2 == 1, shift / SHIFTS - MOST_SHIFT, shift % SHIFTS - MOST_SHIFT);
  }

  /**
   * The column of the image that a column of the view shows.
   *
   * @param width columns of the image
   * @return -1 for padding
   */
  public int sourceColumn(int column, int width) {
    int moved = column - right;
    if (moved < 0 || moved >= width) {
      return -1;
    }
    return flip ? width - 1 - moved : moved;
  }

  /**
   * The row of the image that a row of the view shows.
   *
   * @param height rows of the image
   * @return -1 for padding
   */
  public int sourceRow(int row, int height) {
    int moved = row - down;
    return moved < 0 || moved >= height ? -1 : moved;
  }
}
