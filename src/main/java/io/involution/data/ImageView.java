package io.involution.data;

/**
 * A view of an image: flipped or not, then shifted along rows and columns, with a square cut out at
 * last.
 *
 * @param flip whether the image is flipped horizontally, before the shift
 * @param down rows by which the image moves down; up if negative
 * @param right columns by which it moves right; left if negative
 * @param reflected whether the view shows the image, reflected at the middle of its outermost
 *     pixels, beyond its border; otherwise black
 * @param cutout a square whose pixels are 0 after normalization
 */
public record ImageView(boolean flip, int down, int right, boolean reflected, Square cutout) {
  /** The image as it is. */
  public static final ImageView WHOLE = new ImageView(false, 0, 0);

  /** Bits of a shift, with its sign. */
  private static final int SHIFT_BITS = 9;

  private static final int SQUARE_BITS = 8;
  private static final int SQUARE_AT = 2 + 2 * SHIFT_BITS;

  /**
   * A square of a view's pixels.
   *
   * @param row its first row, 0 to 255
   * @param column its first column, 0 to 255
   * @param size its rows and columns, 0 for none to 255
   */
  public record Square(int row, int column, int size) {
    /** No square. */
    public static final Square NONE = new Square(0, 0, 0);

    /** Checks the bounds. */
    public Square {
      if (((row | column | size) >> SQUARE_BITS) != 0) {
        throw new IllegalArgumentException(row + ", " + column + ", " + size);
      }
    }

    /** Whether it has a pixel. */
    public boolean holds(int y, int x) {
      return y >= row && y < row + size && x >= column && x < column + size;
    }
  }

  /** Checks the bounds of the shifts. */
  public ImageView {
    int most = (1 << (SHIFT_BITS - 1)) - 1;
    if (Math.max(Math.abs(down), Math.abs(right)) > most) {
      throw new IllegalArgumentException("a shift by " + down + ", " + right);
    }
  }

  /** A view without a square, over black. */
  public ImageView(boolean flip, int down, int right) {
    this(flip, down, right, false, Square.NONE);
  }

  /**
   * The view of a code, as {@code examples.cu} reads it too: from the lowest bit on, one bit for
   * the flip and one for reflection, nine each for the shifts down and to the right, eight each for
   * the square's row, column and size.
   *
   * @param code 0 for the image as it is
   */
  public static ImageView of(long code) {
    return new ImageView(
        (code & 1) == 1,
        shift(code >> 2),
        shift(code >> (2 + SHIFT_BITS)),
        (code & 2) == 2,
        new Square(
            place(code >> SQUARE_AT),
            place(code >> (SQUARE_AT + SQUARE_BITS)),
            place(code >> (SQUARE_AT + 2 * SQUARE_BITS))));
  }

  private static int shift(long bits) {
    int unused = Integer.SIZE - SHIFT_BITS;
    return (int) bits << unused >> unused;
  }

  private static int place(long bits) {
    return (int) bits & ((1 << SQUARE_BITS) - 1);
  }

  /** The view's code, see {@link #of}. */
  public long code() {
    long mask = (1L << SHIFT_BITS) - 1;
    long square =
        cutout.row()
            | ((long) cutout.column() << SQUARE_BITS)
            | ((long) cutout.size() << (2 * SQUARE_BITS));
    return (flip ? 1 : 0)
        | (reflected ? 2 : 0)
        | ((down & mask) << 2)
        | ((right & mask) << (2 + SHIFT_BITS))
        | (square << SQUARE_AT);
  }

  /**
   * The column of the image that a column of the view shows.
   *
   * @param width columns of the image
   * @return -1 for black
   */
  public int sourceColumn(int column, int width) {
    int moved = source(column - right, width);
    return flip && moved >= 0 ? width - 1 - moved : moved;
  }

  /**
   * The same for all columns of the view, in order.
   *
   * @param width columns of the image, and of the view
   */
  public int[] sourceColumns(int width) {
    int[] columns = new int[width];
    for (int column = 0; column < width; column++) {
      columns[column] = sourceColumn(column, width);
    }
    return columns;
  }

  /**
   * The row of the image that a row of the view shows.
   *
   * @param height rows of the image
   * @return -1 for black
   */
  public int sourceRow(int row, int height) {
    return source(row - down, height);
  }

  private int source(int moved, int size) {
    if (moved >= 0 && moved < size) {
      return moved;
    }
    if (!reflected || size == 1) {
      return reflected ? 0 : -1;
    }
    return moved < 0 ? -moved : 2 * (size - 1) - moved;
  }
}
