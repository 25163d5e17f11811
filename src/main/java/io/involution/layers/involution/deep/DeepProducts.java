package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import io.involution.layers.involution.ProductInvolution;

/**
 * The second 1x1 convolution of an involution as matrix products, forward and backward. Its bias is
 * an additional column of its weights, for an additional reduced channel that is always 1. It is
 * divided into passes over a few groups each, so that their kernels fit into the L2 cache.
 */
final class DeepProducts implements ProductInvolution.Span {
  private static final FloatArrays REALS = FloatArrays.INSTANCE;

  /** Kernel values at a position that a pass generates at most, if it is more than one group. */
  private static final int VALUES = 192;

  /** Groups of a pass; the last one may have fewer. */
  final int groupsAtOnce;

  /** Number of passes. */
  final int passes;

  private final InvolutionShape shape;
  private final ParameterOffsets offsets;

  /** R + 1. */
  private final int inner;

  /** For every pass [groups, taps, R + 1]. */
  private final NativeReals<float[]>[] span;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  DeepProducts(InvolutionShape shape, ParameterOffsets offsets) {
    this.shape = shape;
    this.offsets = offsets;
    inner = shape.reduced + 1;
    int most = Math.min(shape.groups, Math.max(1, VALUES / shape.taps));
    passes = (shape.groups + most - 1) / most;
    groupsAtOnce = (shape.groups + passes - 1) / passes;
    span = new NativeReals[passes];
    for (int pass = 0; pass < passes; pass++) {
      span[pass] = REALS.allocate((long) rows(pass) * inner);
    }
  }

  /** The first group of a pass. */
  int firstGroup(int pass) {
    return pass * groupsAtOnce;
  }

  /** The number of groups of a pass. */
  int groups(int pass) {
    return Math.min(groupsAtOnce, shape.groups - firstGroup(pass));
  }

  /** Kernel values at a position that a pass generates. */
  int rows(int pass) {
    return groups(pass) * shape.taps;
  }

  /** The output of the second convolution that is a row of a pass. */
  private int spanOutput(int pass, int row) {
    int group = firstGroup(pass) + row / shape.taps;
    return row % shape.taps * shape.groups + group;
  }

  @Override
  public void load(double[] parameters) {
    for (int pass = 0; pass < passes; pass++) {
      float[] rows = new float[rows(pass) * inner];
      for (int row = 0; row < rows(pass); row++) {
        int output = spanOutput(pass, row);
        int from = offsets.spanWeights + output * shape.reduced;
        for (int r = 0; r < shape.reduced; r++) {
          rows[row * inner + r] = (float) parameters[from + r];
        }
        rows[row * inner + shape.reduced] = (float) parameters[offsets.spanBias + output];
      }
      span[pass].put(0, rows, 0, rows.length);
    }
  }

  /** The kernels of a pass at all positions of a micro-batch. */
  void kernels(DeepScratch scratch, int pass, int positions) {
    REALS.multiply(
        new ProductShape(rows(pass), positions, inner),
        new Operand<>(span[pass], 0, inner, false),
        new Operand<>(scratch.activated, 0, scratch.pitch, false),
        new Operand<>(scratch.kernels, 0, scratch.pitch, false),
        false);
  }

  /** Propagates the gradients of a pass's kernels to the weights and the reduced channels. */
  void kernelGradients(DeepScratch scratch, int pass, int positions, boolean first) {
    REALS.multiply(
        new ProductShape(rows(pass), inner, positions),
        new Operand<>(scratch.kernels, 0, scratch.pitch, false),
        new Operand<>(scratch.activated, 0, scratch.pitch, true),
        new Operand<>(scratch.spanGradients[pass], 0, inner, false),
        !first);
    REALS.multiply(
        new ProductShape(shape.reduced, positions, rows(pass)),
        new Operand<>(span[pass], 0, inner, true),
        new Operand<>(scratch.kernels, 0, scratch.pitch, false),
        new Operand<>(scratch.activatedGradient, 0, scratch.pitch, false),
        pass > 0);
  }

  /** Moves the sums over a chunk to the parameters' gradient. */
  void takeSpanGradient(DeepScratch scratch, double[] gradient) {
    for (int pass = 0; pass < passes; pass++) {
      float[] sums = new float[rows(pass) * inner];
      scratch.spanGradients[pass].get(0, sums, 0, sums.length);
      for (int row = 0; row < rows(pass); row++) {
        int output = spanOutput(pass, row);
        int to = offsets.spanWeights + output * shape.reduced;
        for (int r = 0; r < shape.reduced; r++) {
          gradient[to + r] = sums[row * inner + r];
        }
        gradient[offsets.spanBias + output] = sums[row * inner + shape.reduced];
      }
    }
  }

  @Override
  public void close() {
    for (NativeReals<float[]> pass : span) {
      pass.close();
    }
  }
}
