package io.involution.layers.involution;

/**
 * The positions of image rows in lines, each of which holds one channel of all images of a chunk.
 */
public interface LineGrid {
  /** Where row y of an image starts in its line; never at 0, which belongs to no image. */
  int row(int image, int y);

  /** Positions from one row of an image to the next. */
  int pitch();
}
