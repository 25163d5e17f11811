package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;

/**
 * The two 1x1 convolutions of an involution as matrix products, forward and backward. The bias of
 * the second one is an additional column of its weights, for an additional reduced channel that is
 * always 1. It is divided into passes over a few groups each, so that their kernels fit into the L2
 * cache.
 */
final class DeepProducts implements AutoCloseable {
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

  /** Positions of an image. */
  private final int size;

  /** First convolution, [R, C]. */
  private final NativeReals<float[]> reduce;

  /** Second convolution: for every pass [groups, taps, R + 1]. */
  private final NativeReals<float[]>[] span;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  DeepProducts(InvolutionShape shape, ParameterOffsets offsets) {
    this.shape = shape;
    this.offsets = offsets;
    inner = shape.reduced + 1;
    size = shape.height * shape.width;
    int most = Math.min(shape.groups, Math.max(1, VALUES / shape.taps));
    passes = (shape.groups + most - 1) / most;
    groupsAtOnce = (shape.groups + passes - 1) / passes;
    reduce = REALS.allocate((long) shape.reduced * shape.channels);
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

  /** Receives a step's parameters. */
  void load(double[] parameters) {
    float[] weights = new float[shape.reduced * shape.channels];
    REALS.narrow(parameters, offsets.reduceWeights, weights, weights.length);
    reduce.put(0, weights, 0, weights.length);
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

  /** Writes the first convolution of a micro-batch of [N, C, H, W] to the scratch. */
  void reduce(NativeReals<float[]> images, MicroBatch part, DeepScratch scratch) {
    for (int n = 0; n < part.images; n++) {
      REALS.multiply(
          new ProductShape(shape.reduced, size, shape.channels),
          new Operand<>(reduce, 0, shape.channels, false),
          image(images, part.first + n, false),
          new Operand<>(scratch.reduced, n * size, scratch.pitch, false),
          false);
    }
  }

  private Operand<float[]> image(NativeReals<float[]> images, int image, boolean transposed) {
    return new Operand<>(images, image * shape.channels * size, size, transposed);
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

  /** Propagates the gradients of a pass's kernels to the second convolution and its input. */
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

  /** Moves the sums over a chunk for the second convolution to the parameters' gradient. */
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

  /** Adds a micro-batch's part to the gradient of the first convolution, in the scratch. */
  void reduceGradient(
      NativeReals<float[]> images, MicroBatch part, DeepScratch scratch, boolean first) {
    for (int n = 0; n < part.images; n++) {
      REALS.multiply(
          new ProductShape(shape.reduced, shape.channels, size),
          new Operand<>(scratch.reduced, n * size, scratch.pitch, false),
          image(images, part.first + n, true),
          new Operand<>(scratch.reduceGradient, 0, shape.channels, false),
          !first || n > 0);
    }
  }

  /** Moves the sums over a chunk for the first convolution to the parameters' gradient. */
  void takeReduceGradient(DeepScratch scratch, double[] gradient) {
    float[] sums = new float[shape.reduced * shape.channels];
    scratch.reduceGradient.get(0, sums, 0, sums.length);
    for (int i = 0; i < sums.length; i++) {
      gradient[offsets.reduceWeights + i] = sums[i];
    }
  }

  /** Adds the input's gradient through the first convolution for a micro-batch. */
  void addInputGradient(DeepScratch scratch, NativeReals<float[]> gradients, MicroBatch part) {
    for (int n = 0; n < part.images; n++) {
      REALS.multiply(
          new ProductShape(shape.channels, size, shape.reduced),
          new Operand<>(reduce, 0, shape.channels, true),
          new Operand<>(scratch.reduced, n * size, scratch.pitch, false),
          image(gradients, part.first + n, false),
          true);
    }
  }

  @Override
  public void close() {
    reduce.close();
    for (NativeReals<float[]> pass : span) {
      pass.close();
    }
  }
}
