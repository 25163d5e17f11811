package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.array.FloatProducts;
import io.involution.layers.involution.InvolutionShape;
import java.util.Arrays;

/**
 * The arithmetic of {@link GroupedInvolution} on one chunk: group by group, and row by row within a
 * group, so that kernels exist for only one row of one group, and patches for K rows.
 */
final class GroupedRows {
  private final InvolutionShape shape;
  private final ImageRows rows;
  private final GroupedProducts products;

  /** The channels of each group. */
  private final int[][] channels;

  GroupedRows(InvolutionShape shape, ImageRows rows, GroupedProducts products) {
    this.shape = shape;
    this.rows = rows;
    this.products = products;
    channels = new int[shape.groups][shape.channels / shape.groups];
    int[] found = new int[shape.groups];
    for (int c = 0; c < shape.channels; c++) {
      int group = shape.groupOf(c);
      channels[group][found[group]++] = c;
    }
  }

  /** The involution's output lines from its input lines. */
  void output(GroupedScratch scratch) {
    for (int group = 0; group < shape.groups; group++) {
      for (int y = 0; y < shape.height; y++) {
        products.kernel(scratch, group, y, rows.length);
        loadPatches(scratch, channels[group], y);
        for (int j = 0; j < channels[group].length; j++) {
          outputRow(scratch, channels[group][j], j, y);
        }
      }
    }
  }

  /** Loads the rows of the input that row y is the first to need. */
  private void loadPatches(GroupedScratch scratch, int[] group, int y) {
    int below = shape.kernelSize - 1 - shape.padTop;
    int first = y == 0 ? 0 : y + below;
    int last = Math.min(shape.height - 1, y + below);
    for (int row = first; row <= last; row++) {
      for (int j = 0; j < group.length; j++) {
        scratch.patches.load(j, row, scratch.input[group[j]]);
      }
    }
  }

  private void outputRow(GroupedScratch scratch, int c, int j, int y) {
    float[] sum = scratch.spare[0];
    Arrays.fill(sum, 0f);
    for (int row = firstRow(y); row <= lastRow(y); row++) {
      float[][] kernel = scratch.kernelRows[kernelRow(row, y)];
      float[][] patches = scratch.patches.row(j, row);
      FloatProducts.add(sum, kernel, patches, shape.kernelSize, 0, rows.length);
    }
    System.arraycopy(sum, 0, scratch.output[c], y * rows.length, rows.length);
  }

  /** First row of the input that row y of the output sees. */
  private int firstRow(int y) {
    return Math.max(0, y - shape.padTop);
  }

  private int lastRow(int y) {
    return Math.min(shape.height - 1, y - shape.padTop + shape.kernelSize - 1);
  }

  /** The row of the kernel by which row y of the output sees a row of the input. */
  private int kernelRow(int row, int y) {
    return row - y + shape.padTop;
  }

  /**
   * Computes, from the output's gradient in the scratch, the gradients of the BatchNorm's output
   * (in the scratch's native memory), of the span, and, through the patches, of the input.
   */
  void kernelGradients(GroupedScratch scratch, double[] gradient) {
    if (shape.inputGradient) {
      scratch.patchGradients.clear();
    }
    for (int group = 0; group < shape.groups; group++) {
      for (int y = 0; y < shape.height; y++) {
        loadPatches(scratch, channels[group], y);
        loadOutputRow(scratch, channels[group], y);
        kernelGradient(scratch, y);
        products.kernelGradient(scratch, group, y, rows.length);
        if (shape.inputGradient) {
          products.kernel(scratch, group, y, rows.length);
          patchGradients(scratch, channels[group], y);
        }
      }
      products.takeSpanGradient(scratch, group, gradient);
    }
  }

  private void loadOutputRow(GroupedScratch scratch, int[] group, int y) {
    for (int j = 0; j < group.length; j++) {
      float[] line = scratch.output[group[j]];
      System.arraycopy(line, y * rows.length, scratch.outputRow[j], 0, rows.length);
    }
  }

  /** For each tap: the sum over the group's channels of the output's gradient times the patch. */
  private void kernelGradient(GroupedScratch scratch, int y) {
    for (float[] tap : scratch.kernelGradient) {
      Arrays.fill(tap, 0f);
    }
    for (int row = firstRow(y); row <= lastRow(y); row++) {
      int tap = kernelRow(row, y) * shape.kernelSize;
      for (int column = 0; column < shape.kernelSize; column++) {
        float[][] patches = scratch.patches.channels(row, column);
        float[] sum = scratch.kernelGradient[tap + column];
        FloatProducts.add(sum, scratch.outputRow, patches, patches.length, 0, rows.length);
      }
    }
  }

  private void patchGradients(GroupedScratch scratch, int[] group, int y) {
    for (int row = firstRow(y); row <= lastRow(y); row++) {
      for (int j = 0; j < group.length; j++) {
        float[][] patches = scratch.patchGradients.row(j, row);
        float[][] kernel = scratch.kernelRows[kernelRow(row, y)];
        FloatLoops.addWeighted(patches, kernel, scratch.outputRow[j], rows.length);
      }
    }
    // The rows above this row's kernel are complete; after the last row, all are.
    int last = y == shape.height - 1 ? y : y - shape.padTop;
    for (int row = Math.max(0, y - shape.padTop); row <= last; row++) {
      for (int j = 0; j < group.length; j++) {
        scratch.patchGradients.fold(j, row, scratch.inputGradient[group[j]], scratch.spare);
      }
    }
  }
}
