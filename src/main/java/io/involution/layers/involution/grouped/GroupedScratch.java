package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.Reduction;
import java.util.Arrays;

/** Memory of one thread of {@link GroupedInvolution}, reused from chunk to chunk. */
final class GroupedScratch implements AutoCloseable {
  /** All channels of one image. */
  final float[] image;

  /** Input, [C] lines of {@link ImageRows}. */
  final float[][] input;

  /** The involution's output, or its gradient, [C] lines. */
  final float[][] output;

  /** Gradient of the input, [C] lines; null when it is not needed. */
  final float[][] inputGradient;

  /** Rows of the group's channels, of the input and of its gradient. */
  final ShiftedRows patches;

  final ShiftedRows patchGradients;

  /** [K*K] rows of the group's kernel, and the same as [K rows][K columns]. */
  final float[][] kernel;

  final float[][][] kernelRows;

  /** [K*K] rows of its gradient. */
  final float[][] kernelGradient;

  /** A row of the output's gradient for every channel of the group. */
  final float[][] outputRow;

  /** Temporary rows. */
  final float[][] spare;

  /** A row of a reduced channel; zero between the images, where nothing is written. */
  final float[] reducedRow;

  /** Two channels of one image. */
  final float[][] plane;

  /** The same in native memory, for the products: see {@link GroupedProducts}. */
  final NativeReals<float[]> activated;

  final NativeReals<float[]> activatedGradient;
  final NativeReals<float[]> nativeKernel;
  final NativeReals<float[]> nativeKernelGradient;
  final NativeReals<float[]> spanGradient;
  final NativeReals<float[]> reducedImage;
  final NativeReals<float[]> reduceGradient;

  /** The gradient of the span, copied from native memory. */
  final float[] spanSums;

  GroupedScratch(InvolutionShape shape, ImageRows rows, Reduction reduction) {
    int group = shape.channels / shape.groups;
    int length = rows.length;
    image = new float[shape.channels * shape.height * shape.width];
    input = new float[shape.channels][rows.line];
    output = new float[shape.channels][rows.line];
    inputGradient = shape.inputGradient ? new float[shape.channels][rows.line] : null;
    patches = new ShiftedRows(shape, group, length);
    patchGradients = shape.inputGradient ? new ShiftedRows(shape, group, length) : null;
    kernel = new float[shape.taps][length];
    kernelRows = new float[shape.kernelSize][][];
    for (int row = 0; row < shape.kernelSize; row++) {
      int tap = row * shape.kernelSize;
      kernelRows[row] = Arrays.copyOfRange(kernel, tap, tap + shape.kernelSize);
    }
    kernelGradient = new float[shape.taps][length];
    outputRow = new float[group][length];
    spare = new float[2][length];
    reducedRow = new float[length];
    plane = new float[2][shape.height * shape.width];
    FloatArrays reals = FloatArrays.INSTANCE;
    int inner = shape.reduced + 1;
    activated = reals.allocate((long) shape.height * inner * length);
    activatedGradient = reals.allocate((long) shape.height * shape.reduced * length);
    nativeKernel = reals.allocate((long) shape.taps * length);
    nativeKernelGradient = reals.allocate((long) shape.taps * length);
    spanGradient = reals.allocate((long) shape.taps * inner);
    reducedImage = reals.allocate((long) shape.reduced * shape.height * shape.width);
    reduceGradient = reduction.sums();
    spanSums = new float[shape.taps * inner];
    float[] ones = spare[0];
    Arrays.fill(ones, 1f);
    for (int y = 0; y < shape.height; y++) {
      activated.put((y * inner + shape.reduced) * length, ones, 0, length);
    }
  }

  @Override
  public void close() {
    activated.close();
    activatedGradient.close();
    nativeKernel.close();
    nativeKernelGradient.close();
    spanGradient.close();
    reducedImage.close();
    reduceGradient.close();
  }
}
