package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.Reduction;
import java.util.Arrays;

/** Memory of one thread of {@link DeepInvolution}, reused from micro-batch to micro-batch. */
final class DeepScratch implements AutoCloseable {
  /** Elements from one row of a matrix in native memory to the next. */
  final int pitch;

  /** All channels of one image. */
  final float[] image;

  /**
   * Input, output or its gradient, and gradient of the input, [C] lines of {@link MicroBatches}.
   */
  final float[][] input;

  final float[][] output;
  final float[][] inputGradient;

  /** A reduced channel of a micro-batch. */
  final float[] row;

  /** Two sums at every position of a micro-batch. */
  final float[][] sums;

  /** What {@link DeepTaps} needs. */
  final TapLines lines;

  /** BatchNorm and ReLU of the reduced channels and a row of ones, [R + 1, pitch]. */
  final NativeReals<float[]> activated;

  final NativeReals<float[]> activatedGradient;

  /** The reduced channels, or their gradient, [R, pitch]. */
  final NativeReals<float[]> reduced;

  /** Kernels, later their gradients, of the groups of one product: [groups, K*K, pitch]. */
  final NativeReals<float[]> kernels;

  /** Gradients of the weights. */
  final NativeReals<float[]>[] spanGradients;

  final NativeReals<float[]> reduceGradient;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  DeepScratch(
      InvolutionShape shape, MicroBatches layout, DeepProducts products, Reduction reduction) {
    pitch = layout.positions;
    image = new float[shape.channels * shape.height * shape.width];
    input = new float[shape.channels][layout.line];
    output = new float[shape.channels][layout.line];
    inputGradient = shape.inputGradient ? new float[shape.channels][layout.line] : null;
    row = new float[pitch];
    sums = new float[2][pitch];
    lines = new TapLines(shape, layout);
    FloatArrays reals = FloatArrays.INSTANCE;
    activated = reals.allocate((long) (shape.reduced + 1) * pitch);
    activatedGradient = reals.allocate((long) shape.reduced * pitch);
    reduced = reals.allocate((long) shape.reduced * pitch);
    kernels = reals.allocate((long) products.groupsAtOnce * shape.taps * pitch);
    spanGradients = new NativeReals[products.passes];
    for (int pass = 0; pass < spanGradients.length; pass++) {
      spanGradients[pass] = reals.allocate((long) products.rows(pass) * (shape.reduced + 1));
    }
    reduceGradient = reduction.sums();
    Arrays.fill(row, 1f);
    activated.put(shape.reduced * pitch, row, 0, pitch);
  }

  @Override
  public void close() {
    activated.close();
    activatedGradient.close();
    reduced.close();
    kernels.close();
    for (NativeReals<float[]> gradient : spanGradients) {
      gradient.close();
    }
    reduceGradient.close();
  }
}
