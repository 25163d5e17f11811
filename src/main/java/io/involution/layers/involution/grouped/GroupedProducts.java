package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;

/**
 * The two 1x1 convolutions of an involution as matrix products, forward and backward. The bias of
 * the second one is an additional column of its weights, for an additional reduced channel that is
 * always 1.
 */
final class GroupedProducts implements AutoCloseable {
  private static final FloatArrays REALS = FloatArrays.INSTANCE;

  private final InvolutionShape shape;
  private final ParameterOffsets offsets;

  /** R + 1. */
  private final int inner;

  private final int positions;

  /** First convolution, [R, C]. */
  private final NativeReals<float[]> reduce;

  /** Second convolution: for every group [taps, R + 1]. */
  private final NativeReals<float[]>[] span;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  GroupedProducts(InvolutionShape shape, ParameterOffsets offsets) {
    this.shape = shape;
    this.offsets = offsets;
    inner = shape.reduced + 1;
    positions = shape.height * shape.width;
    reduce = REALS.allocate((long) shape.reduced * shape.channels);
    span = new NativeReals[shape.groups];
    for (int group = 0; group < shape.groups; group++) {
      span[group] = REALS.allocate((long) shape.taps * inner);
    }
  }

  /** Receives a step's parameters. */
  void load(double[] parameters) {
    float[] weights = new float[shape.reduced * shape.channels];
    REALS.narrow(parameters, offsets.reduceWeights, weights, weights.length);
    reduce.put(0, weights, 0, weights.length);
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

  /** Writes the first convolution of one image of [N, C, H, W] to the scratch's [R, H, W]. */
  void reduce(NativeReals<float[]> images, int image, GroupedScratch scratch) {
    REALS.multiply(
        new ProductShape(shape.reduced, positions, shape.channels),
        new Operand<>(reduce, 0, shape.channels, false),
        image(images, image, false),
        new Operand<>(scratch.reducedImage, 0, positions, false),
        false);
  }

  /** A row of a group's kernel, all taps. */
  void kernel(GroupedScratch scratch, int group, int y, int length) {
    REALS.multiply(
        new ProductShape(shape.taps, length, inner),
        new Operand<>(span[group], 0, inner, false),
        activated(scratch, y, length, false),
        new Operand<>(scratch.kernelRows, 0, length, false),
        false);
    for (int tap = 0; tap < shape.taps; tap++) {
      scratch.kernelRows.get(tap * length, scratch.kernel[tap], 0, length);
    }
  }

  /** Propagates the gradient of a row of a group's kernel to the second convolution. */
  void kernelGradient(GroupedScratch scratch, int group, int y, int length) {
    for (int tap = 0; tap < shape.taps; tap++) {
      scratch.kernelGradientRows.put(tap * length, scratch.kernelGradient[tap], 0, length);
    }
    Operand<float[]> rows = new Operand<>(scratch.kernelGradientRows, 0, length, false);
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
    float[] sums = scratch.weightGradient;
    scratch.spanGradient.get(0, sums, 0, shape.taps * inner);
    for (int tap = 0; tap < shape.taps; tap++) {
      int output = tap * shape.groups + group;
      for (int r = 0; r < shape.reduced; r++) {
        gradient[offsets.spanWeights + output * shape.reduced + r] = sums[tap * inner + r];
      }
      gradient[offsets.spanBias + output] = sums[tap * inner + shape.reduced];
    }
  }

  /** Adds an image's part to the gradient of the first convolution's weights, in the scratch. */
  void reduceGradient(
      NativeReals<float[]> images, int image, GroupedScratch scratch, boolean first) {
    REALS.multiply(
        new ProductShape(shape.reduced, shape.channels, positions),
        new Operand<>(scratch.reducedImage, 0, positions, false),
        image(images, image, true),
        new Operand<>(scratch.reduceGradient, 0, shape.channels, false),
        !first);
  }

  /** Moves the sums over a chunk's images to the parameters' gradient. */
  void takeReduceGradient(GroupedScratch scratch, double[] gradient) {
    float[] sums = scratch.weightGradient;
    int weights = shape.reduced * shape.channels;
    scratch.reduceGradient.get(0, sums, 0, weights);
    for (int i = 0; i < weights; i++) {
      gradient[offsets.reduceWeights + i] = sums[i];
    }
  }

  /** Adds the input's gradient through the first convolution for one image. */
  void addInputGradient(GroupedScratch scratch, NativeReals<float[]> gradients, int image) {
    REALS.multiply(
        new ProductShape(shape.channels, positions, shape.reduced),
        new Operand<>(reduce, 0, shape.channels, true),
        new Operand<>(scratch.reducedImage, 0, positions, false),
        image(gradients, image, false),
        true);
  }

  private Operand<float[]> image(NativeReals<float[]> images, int image, boolean transposed) {
    return new Operand<>(images, image * shape.channels * positions, positions, transposed);
  }

  @Override
  public void close() {
    reduce.close();
    for (NativeReals<float[]> group : span) {
      group.close();
    }
  }
}
