package io.involution.layers.convolution.winograd;

/**
 * The first elements of all tiles in the images of one channel, {@code [images, height, width]};
 * tiles in the order {@code [images, rows of tiles, columns of tiles]}.
 */
final class WinogradPlaces {
  /** Rows of an image: a whole number of tiles, possibly plus some more. */
  final int height;

  /** Columns of an image. */
  final int width;

  /** One per tile. */
  final int[] of;

  /**
   * Lists the tiles of some images.
   *
   * @param images number of images
   * @param tiles rows and columns of tiles
   * @param step rows and columns from one tile to the next
   * @param overlap rows and columns that an image has beyond {@code step} times its tiles
   */
  WinogradPlaces(int images, WinogradGrid tiles, int step, int overlap) {
    height = tiles.rows * step + overlap;
    width = tiles.columns * step + overlap;
    of = new int[images * tiles.count()];
    for (int t = 0; t < of.length; t++) {
      int column = t % tiles.columns;
      int row = t / tiles.columns % tiles.rows;
      int image = t / tiles.count();
      of[t] = (image * height + row * step) * width + column * step;
    }
  }

  int imageLength() {
    return height * width;
  }
}
