package io.involution.layers.involution;

/**
 * The images of a chunk as one long line of H' x W' positions. Rows and images are separated by
 * zeros that neighbors share, so that a tap of the kernel is just an offset into the line and SAME
 * padding needs no special cases. With stride s, an input plane is split into s * s phase planes:
 * phase (p, q) holds the pixels (y * s + p, x * s + q) at position (y, x).
 */
public final class PaddedGrid implements LineGrid {
  // Number of phase planes (stride^2), and positions from one row to the next.
  public final int phases;
  public final int pitch;

  /** Positions from one image to the next. */
  public final int imageLength;

  // Unused positions at each end of a line; then, for every tap and for every pixel of the average,
  // the phase plane that it reads and its offset in positions.
  public final int margin;
  public final int[] tapPhase;
  public final int[] tapOffset;
  public final int[] averagePhase;
  public final int[] averageOffset;

  /** The grid for images of one size. */
  public PaddedGrid(InvolutionShape shape) {
    int stride = shape.stride;
    int kernel = shape.kernelSize;
    int padRows = reach(shape.padTop, kernel, stride, shape.averageTop);
    int padColumns = reach(shape.padLeft, kernel, stride, shape.averageLeft);
    phases = stride * stride;
    pitch = shape.outWidth + padColumns;
    imageLength = (shape.outHeight + padRows) * pitch;
    // At least one position, which outputs that the ReLU cut off can refer to.
    margin = Math.max(1, padRows * pitch + padColumns);
    tapPhase = new int[shape.taps];
    tapOffset = new int[shape.taps];
    averagePhase = new int[phases];
    averageOffset = new int[phases];
    place(kernel, shape.padTop, shape.padLeft, stride, tapPhase, tapOffset);
    place(stride, shape.averageTop, shape.averageLeft, stride, averagePhase, averageOffset);
  }

  /** How many positions the taps reach beyond the grid, up or down. */
  private static int reach(int before, int window, int stride, int averageBefore) {
    int up = -Math.floorDiv(-Math.max(before, averageBefore), stride);
    int down = Math.floorDiv(window - 1 - before, stride);
    return Math.max(up, Math.max(down, Math.floorDiv(stride - 1 - averageBefore, stride)));
  }

  private void place(int window, int top, int left, int stride, int[] phase, int[] offset) {
    for (int tap = 0; tap < phase.length; tap++) {
      int y = tap / window - top;
      int x = tap % window - left;
      phase[tap] = Math.floorMod(y, stride) * stride + Math.floorMod(x, stride);
      offset[tap] = Math.floorDiv(y, stride) * pitch + Math.floorDiv(x, stride);
    }
  }

  /** Length of a line with a number of images, including the margins at both ends. */
  public int lineLength(int images) {
    return 2 * margin + images * imageLength;
  }

  @Override
  public int row(int image, int y) {
    return margin + image * imageLength + y * pitch;
  }

  @Override
  public int pitch() {
    return pitch;
  }
}
