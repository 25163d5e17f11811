package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatProducts;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.InvolutionShape;
import java.util.Arrays;

/**
 * The multiply-add of {@link DeepInvolution} on one micro-batch, group by group: forward, and back
 * to the kernels and the input.
 */
final class DeepTaps {
  private final InvolutionShape shape;
  private final MicroBatches layout;
  private final DeepProducts products;
  private final Borders borders;
  private final int kernelSize;

  /** The channels of each group. */
  private final int[][] channels;

  DeepTaps(InvolutionShape shape, MicroBatches layout, DeepProducts products) {
    this.shape = shape;
    this.layout = layout;
    this.products = products;
    borders = new Borders(shape);
    kernelSize = shape.kernelSize;
    channels = new int[shape.groups][shape.channels / shape.groups];
    int[] found = new int[shape.groups];
    for (int c = 0; c < shape.channels; c++) {
      int group = shape.groupOf(c);
      channels[group][found[group]++] = c;
    }
  }

  /** The involution's output lines from its input lines. */
  void output(MicroBatch part, DeepScratch scratch) {
    for (int pass = 0; pass < products.passes; pass++) {
      products.kernels(scratch, pass, part.positions);
      for (int place = 0; place < products.groups(pass); place++) {
        takeKernel(part, scratch, place);
        for (int c : channels[products.firstGroup(pass) + place]) {
          outputLine(part.positions, scratch, c);
        }
      }
    }
  }

  /** Takes a group's kernels out of the product's result. */
  private void takeKernel(MicroBatch part, DeepScratch scratch, int place) {
    TapLines lines = scratch.lines;
    for (int tap = 0; tap < shape.taps; tap++) {
      int at = start(tap);
      float[] kernel = lines.kernel[tap];
      scratch.kernels.get((place * shape.taps + tap) * scratch.pitch, kernel, at, part.positions);
      Arrays.fill(kernel, at + part.positions, at + layout.positions, 0f);
      borders.clear(kernel, at, tap, part.images);
    }
  }

  /** Where the line of a tap starts, see {@link TapLines}. */
  private int start(int tap) {
    return tap / kernelSize * shape.width;
  }

  private void outputLine(int positions, DeepScratch scratch, int c) {
    TapLines lines = scratch.lines;
    float[] output = scratch.output[c];
    loadInput(positions, lines.inputs[0], scratch.input[c]);
    float[] total = lines.sums[0];
    FloatProducts.set(total, lines.kernelRows[0], lines.inputs[0], kernelSize, 0, positions);
    for (int row = 1; row < kernelSize; row++) {
      float[] sum = lines.sums[row];
      int from = row * shape.width;
      FloatProducts.set(
          sum, lines.kernelRows[row], lines.inputs[0], kernelSize, from, from + positions);
      System.arraycopy(sum, from, lines.moved[row], 0, positions);
    }
    FloatProducts.addLines(total, lines.moved, 1, positions);
    System.arraycopy(total, 0, output, layout.margin, positions);
  }

  /** Copies a channel once for every column of the kernel, shifted by it. */
  private void loadInput(int positions, float[][] columns, float[] line) {
    int first = layout.margin - shape.padTop * shape.width - shape.padLeft;
    int count = positions + (kernelSize - 1) * shape.width;
    for (int column = 0; column < kernelSize; column++) {
      System.arraycopy(line, first + column, columns[column], 0, count);
    }
  }

  /**
   * Computes, from the output's gradient in the scratch, the gradients of the BatchNorm's output,
   * of the span, and, through the patches, of the input.
   *
   * @param first whether it is the chunk's first micro-batch: else the span's gradient is added
   */
  void gradients(MicroBatch part, DeepScratch scratch, boolean first) {
    for (int pass = 0; pass < products.passes; pass++) {
      if (shape.inputGradient) {
        products.kernels(scratch, pass, part.positions);
      }
      for (int place = 0; place < products.groups(pass); place++) {
        if (shape.inputGradient) {
          takeKernel(part, scratch, place);
        }
        int[] group = channels[products.firstGroup(pass) + place];
        for (int from = 0; from < group.length; from += TapLines.CHANNELS) {
          int count = Math.min(TapLines.CHANNELS, group.length - from);
          channelGradients(part.positions, scratch, Arrays.copyOfRange(group, from, from + count));
          kernelGradients(part.positions, scratch.lines, count, from == 0);
        }
        putKernelGradient(part, scratch, place);
      }
      products.kernelGradients(scratch, pass, part.positions, first);
    }
  }

  /** Loads a few channels and computes the gradient of their input. */
  private void channelGradients(int positions, DeepScratch scratch, int[] some) {
    TapLines lines = scratch.lines;
    for (int j = 0; j < some.length; j++) {
      int c = some[j];
      loadInput(positions, lines.inputs[j], scratch.input[c]);
      for (int row = 0; row < kernelSize; row++) {
        float[] gradient = lines.gradients[j][row];
        System.arraycopy(scratch.output[c], layout.margin, gradient, row * shape.width, positions);
      }
      if (shape.inputGradient) {
        inputGradient(positions, lines, lines.gradients[j], scratch.inputGradient[c]);
      }
    }
  }

  private void inputGradient(int positions, TapLines lines, float[][] rows, float[] gradient) {
    int count = positions + (kernelSize - 1) * shape.width;
    for (int column = 0; column < kernelSize; column++) {
      float[] sum = lines.sums[column];
      FloatProducts.set(sum, lines.kernelColumns[column], rows, kernelSize, 0, count);
      if (column > 0) {
        // What the forward pass left before it would be added to the image's first pixels.
        Arrays.fill(lines.moved[column], 0, column, 0f);
        System.arraycopy(sum, 0, lines.moved[column], column, count);
      }
    }
    int first = layout.margin - shape.padTop * shape.width - shape.padLeft;
    float[] total = lines.moved[0];
    System.arraycopy(lines.sums[0], 0, total, 0, count);
    Arrays.fill(total, count, count + kernelSize - 1, 0f);
    FloatProducts.addLines(total, lines.moved, 1, count + kernelSize - 1);
    System.arraycopy(total, 0, gradient, first, count + kernelSize - 1);
  }

  /** For each tap: adds the sums over a few channels of the output's gradient times the pixel. */
  private void kernelGradients(int positions, TapLines lines, int count, boolean first) {
    for (int tap = 0; tap < shape.taps; tap++) {
      float[][] left = lines.gradientRows[tap / kernelSize];
      float[][] right = lines.inputColumns[tap % kernelSize];
      float[] to = lines.kernelGradient[tap];
      int from = start(tap);
      if (first) {
        FloatProducts.set(to, left, right, count, from, from + positions);
      } else {
        FloatProducts.add(to, left, right, count, from, from + positions);
      }
    }
  }

  /** Puts the gradients of a group's kernels in the place of the kernels. */
  private void putKernelGradient(MicroBatch part, DeepScratch scratch, int place) {
    NativeReals<float[]> kernels = scratch.kernels;
    for (int tap = 0; tap < shape.taps; tap++) {
      float[] gradient = scratch.lines.kernelGradient[tap];
      borders.clear(gradient, start(tap), tap, part.images);
      int to = (place * shape.taps + tap) * scratch.pitch;
      kernels.put(to, gradient, start(tap), part.positions);
    }
  }
}
