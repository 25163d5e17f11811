package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.involution.InvolutionShape;
import java.util.Arrays;

/**
 * The K newest rows of a few channels, in K copies each: shifted to the left by every column of the
 * kernel, so that a tap's patch starts at the same index as the output. Positions from outside the
 * row are zero.
 */
final class ShiftedRows {
  private final int kernelSize;
  private final int padLeft;
  private final int length;

  /** [channel][row modulo K][kernel column] rows. */
  private final float[][][][] rows;

  /** The same rows as [row modulo K][kernel column][channel]. */
  private final float[][][][] byColumn;

  ShiftedRows(InvolutionShape shape, int channels, int length) {
    kernelSize = shape.kernelSize;
    padLeft = shape.padLeft;
    this.length = length;
    rows = new float[channels][kernelSize][kernelSize][length];
    byColumn = new float[kernelSize][kernelSize][channels][];
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < kernelSize; y++) {
        for (int column = 0; column < kernelSize; column++) {
          byColumn[y][column][channel] = rows[channel][y][column];
        }
      }
    }
  }

  /** A row for every column of the kernel. */
  float[][] row(int channel, int y) {
    return rows[channel][y % kernelSize];
  }

  /** A row of all channels for one column of the kernel. */
  float[][] channels(int y, int column) {
    return byColumn[y % kernelSize][column];
  }

  /** Sets all rows to zero. */
  void clear() {
    for (float[][][] channel : rows) {
      for (float[][] row : channel) {
        clear(row);
      }
    }
  }

  private static void clear(float[][] row) {
    for (float[] shifted : row) {
      Arrays.fill(shifted, 0f);
    }
  }

  /** Adds a row that begins at a given position of a line. */
  void load(int channel, int y, float[] line) {
    float[][] row = row(channel, y);
    for (int column = 0; column < kernelSize; column++) {
      shift(line, y * length, column - padLeft, row[column]);
    }
  }

  /** to[i] = from[at + i + by] where that is inside the row, else 0. */
  private void shift(float[] from, int at, int by, float[] to) {
    int left = Math.max(0, -by);
    int right = Math.max(0, by);
    int count = length - left - right;
    if (count <= 0) {
      Arrays.fill(to, 0f);
      return;
    }
    Arrays.fill(to, 0, left, 0f);
    System.arraycopy(from, at + right, to, left, count);
    Arrays.fill(to, left + count, length, 0f);
  }

  /** Shifts a row's copies back, writes their sum to its position in a line, and clears them. */
  void fold(int channel, int y, float[] line, float[][] spare) {
    float[][] row = row(channel, y);
    float[] sum = spare[0];
    shift(row[0], 0, padLeft, sum);
    for (int column = 1; column < kernelSize; column++) {
      shift(row[column], 0, padLeft - column, spare[1]);
      FloatLoops.addScaled(sum, 1f, spare[1], 0, length);
    }
    System.arraycopy(sum, 0, line, y * length, length);
    clear(row);
  }
}
