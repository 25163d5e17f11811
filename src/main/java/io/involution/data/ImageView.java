package io.involution.data;

/**
 * How an image is looked at: mirrored or not, and shifted by up to {@link #MOST_SHIFT} pixels in
 * rows and columns, with black where nothing is. What the field does to CIFAR-10's training images
 * (He et al., CVPR 2016, section 4.2: 4 pixels of padding, a random 32 x 32 crop, a random flip).
 *
 * @param flip whether left and right change places, before the shift
 * @param down rows by which the image goes down; up where negative
 * @param right columns by which it goes to the right; to the left where negative
 */
public record ImageView(boolean flip, int down, int right) {
  /** The farthest shift, in pixels. */
  public static final int MOST_SHIFT = 4;

  private static final int SHIFTS = 2 * MOST_SHIFT + 1;

  /** How many views there are. */
  public static final int COUNT = 2 * SHIFTS * SHIFTS;

  /** The view of a number, 0 to {@link #COUNT} - 1. */
  public static ImageView of(int number) {
    int shift = number / 2;
    return new ImageView(number % 2 == 1, shift / SHIFTS - MOST_SHIFT, shift % SHIFTS - MOST_SHIFT);
  }

  /**
   * Where a column of the view is in a row of the image.
   *
   * @return -1 where nothing is
   */
  public int sourceColumn(int column) {
    int moved = column - right;
    if (moved < 0 || moved >= ImageShape.WIDTH) {
      return -1;
    }
    return flip ? ImageShape.WIDTH - 1 - moved : moved;
  }

  /**
   * Where a row of the view is in the image.
   *
   * @return -1 where nothing is
   */
  public int sourceRow(int row) {
    int moved = row - down;
    return moved < 0 || moved >= ImageShape.HEIGHT ? -1 : moved;
  }
}
