package io.involution.cuda.driver;

/**
 * How many threads a launch has.
 *
 * @param x blocks, 1 to 2^31 - 1
 * @param y blocks, 1 to 65535
 * @param z blocks, 1 to 65535
 * @param threads of a block, 1 to 1024
 */
public record Grid(int x, int y, int z, int threads) {
  private static final int MOST_BLOCKS = 65535;
  private static final int MOST_THREADS = 1024;

  /** Checks the bounds that every device has. */
  public Grid {
    if (x < 1 || y < 1 || z < 1 || threads < 1) {
      throw new IllegalArgumentException("an empty grid: " + text(x, y, z, threads));
    }
    if (y > MOST_BLOCKS || z > MOST_BLOCKS || threads > MOST_THREADS) {
      throw new IllegalArgumentException("too large a grid: " + text(x, y, z, threads));
    }
  }

  /** Blocks in a row. */
  public Grid(int x, int threads) {
    this(x, 1, 1, threads);
  }

  /** As many blocks in a row as give every item a thread. */
  public static Grid covering(long items, int threads) {
    return new Grid(parts(items, threads), threads);
  }

  /** How many parts of some size some items have; the last part may be smaller. */
  public static int parts(long items, int size) {
    return Math.toIntExact((items + size - 1) / size);
  }

  private static String text(int x, int y, int z, int threads) {
    return x + " x " + y + " x " + z + " blocks of " + threads + " threads";
  }
}
