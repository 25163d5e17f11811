package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import io.involution.layers.involution.ProductInvolution;

/**
 * The second 1x1 convolution of an involution as matrix products, forward and backward. Its bias is
 * an additional column of its weights, for an additional reduced channel that is always 1.
 */
final class GroupedProducts implements ProductInvolution.Span {
  private static final FloatArrays REALS = FloatArrays.INSTANCE;

  private final InvolutionShape shape;
  private final ParameterOffsets offsets;

  /** R + 1. */
  private final int inner;

  /** For every group [taps, R + 1]. */
  private final NativeReals<float[]>[] span;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  GroupedProducts(InvolutionShape shape, ParameterOffsets offsets) {
    this.shape = shape;
    this.offsets = offsets;
    inner = shape.reduced + 1;
    span = new NativeReals[shape.groups];
    for (int group = 0; group < shape.groups; group++) {
      span[group] = REALS.allocate((long) shape.taps * inner);
    }
  }

  @Override
  public void load(double[] parameters) {
    float[] rows = new float[shape.taps * inner];
    for (int group = 0; group < shape.groups; group++) {
      for (int tap = 0; tap < shape.taps; tap++) {
        int output = tap * shape.groups + group;
        for (int r = 0; r < shape.reduced; r++) {
          rows[tap * inner + r] =
              (float) parameters[offsets.spanWeights + output * shape.reduced + r];
        }
        rows[tap * inner + shape.reduced] = (float) parameters[offsets.spanBias + output];
      }
      span[group].put(0, rows, 0, rows.length);
    }
  }

  /** A row of a group's kernel, all taps. */
  void kernel(GroupedScratch scratch, int group, int y, int length) {
    REALS.multiply(
        new ProductShape(shape.taps, length, inner),
        new Operand<>(span[group], 0, inner, false),
        activated(scratch, y, length, false),
        new Operand<>(scratch.nativeKernel, 0, length, false),
        false);
    for (int tap = 0; tap < shape.taps; tap++) {
      scratch.nativeKernel.get(tap * length, scratch.kernel[tap], 0, length);
    }
  }

  /** Propagates the gradient of a row of a group's kernel to the weights and reduced channels. */
  void kernelGradient(GroupedScratch scratch, int group, int y, int length) {
    for (int tap = 0; tap < shape.taps; tap++) {
      scratch.nativeKernelGradient.put(tap * length, scratch.kernelGradient[tap], 0, length);
    }
    Operand<float[]> rows = new Operand<>(scratch.nativeKernelGradient, 0, length, false);
    REALS.multiply(
        new ProductShape(shape.taps, inner, length),
        rows,
        activated(scratch, y, length, true),
        new Operand<>(scratch.spanGradient, 0, inner, false),
        y > 0);
    REALS.multiply(
        new ProductShape(shape.reduced, length, shape.taps),
        new Operand<>(span[group], 0, inner, true),
        rows,
        new Operand<>(scratch.activatedGradient, y * shape.reduced * length, length, false),
        group > 0);
  }

  private Operand<float[]> activated(
      GroupedScratch scratch, int y, int length, boolean transposed) {
    return new Operand<>(scratch.activated, y * inner * length, length, transposed);
  }

  /** Moves the sums over all rows for a group's weights and biases to the parameters' gradient. */
  void takeSpanGradient(GroupedScratch scratch, int group, double[] gradient) {
    float[] sums = scratch.spanSums;
    scratch.spanGradient.get(0, sums, 0, sums.length);
    for (int tap = 0; tap < shape.taps; tap++) {
      int output = tap * shape.groups + group;
      for (int r = 0; r < shape.reduced; r++) {
        gradient[offsets.spanWeights + output * shape.reduced + r] = sums[tap * inner + r];
      }
      gradient[offsets.spanBias + output] = sums[tap * inner + shape.reduced];
    }
  }

  @Override
  public void close() {
    for (NativeReals<float[]> group : span) {
      group.close();
    }
  }
}
