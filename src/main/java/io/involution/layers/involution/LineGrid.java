package io.involution.layers.involution;

/** Where the rows of a chunk's images are in lines that hold one channel of all of them. */
public interface LineGrid {
  /** Where row y of an image starts in its line; never at 0, which belongs to no image. */
  int row(int image, int y);

  /** Places from one row of an image to the next. */
  int pitch();
}
