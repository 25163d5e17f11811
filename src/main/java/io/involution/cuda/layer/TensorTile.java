package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A part of some images that a block of a tensor cores' kernel takes.
 *
 * @param images neighbors in the minibatch
 * @param rows of each image
 * @param columns of each image
 */
record TensorTile(int images, int rows, int columns) {
  /** Tiles of the kernels that make images; the number of columns is in their names. */
  private static final TensorTile[] IMAGES = {
    new TensorTile(1, 8, 16), new TensorTile(1, 8, 8), new TensorTile(4, 4, 4)
  };

  /** Tiles of the kernels that make weights' gradients. */
  private static final TensorTile[] WEIGHTS = {new TensorTile(1, 8, 8), new TensorTile(4, 4, 4)};

  private static final int THREADS = 128;
  private static final int FEW_ROWS = 32;
  private static final int MANY_ROWS = 64;

  /** Columns of a tile that has kernels of few rows too. */
  private static final int WIDE = 16;

  /** Columns of the tiles whose kernels can pool. */
  private static final int POOLED = 8;

  /** The tile that makes a kernel read the fewest pixels, those around it included. */
  static TensorTile ofImages(int height, int width, boolean pool) {
    return best(
        Arrays.stream(IMAGES).filter(t -> !pool || t.columns >= POOLED).toList(), height, width);
  }

  /** The tile of the weights' gradients. */
  static TensorTile ofWeights(int height, int width) {
    return best(List.of(WEIGHTS), height, width);
  }

  private static TensorTile best(List<TensorTile> tiles, int height, int width) {
    return tiles.stream()
        .min(Comparator.comparingInt(t -> t.tiles(height, width) * (t.rows + 2) * (t.columns + 2)))
        .orElseThrow();
  }

  /** How many of them an image has. */
  private int tiles(int height, int width) {
    return Grid.parts(height, rows) * Grid.parts(width, columns);
  }

  /** Rows of a block's product, of all that there are. */
  private int blockRows(int all) {
    boolean few = Grid.parts(all, FEW_ROWS) % 2 != 0;
    return few && columns == WIDE ? FEW_ROWS : MANY_ROWS;
  }

  /** The end of the name of the kernel that makes so many planes. */
  String name(int planes) {
    return columns + "_" + blockRows(planes);
  }

  /** The grid of the kernel that makes so many planes of an image. */
  Grid grid(int capacity, int height, int width, int planes) {
    return new Grid(
        Grid.parts(capacity, images),
        tiles(height, width),
        Grid.parts(planes, blockRows(planes)),
        THREADS);
  }
}
