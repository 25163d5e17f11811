package io.involution.layers.convolution.rows;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * A step's weights in the order of {@link RowPatches#patches}: {@code [filters, kernelSize,
 * kernelSize, channels]}; and its biases.
 */
final class RowWeights<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final NativeReals<A> memory;
  private final A given;
  private final A ordered;
  private final A biases;
  private final double[] biasValues;

  RowWeights(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    int length = Math.multiplyExact(shape.filters, shape.patchLength());
    memory = reals.allocate(length);
    given = reals.create(length);
    ordered = reals.create(length);
    biases = reals.create(shape.filters);
    biasValues = new double[shape.filters];
  }

  void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    int taps = shape.kernelSize * shape.kernelSize;
    int patch = shape.patchLength();
    parameterWeights.get(0, given, 0, shape.filters * patch);
    for (int filter = 0; filter < shape.filters; filter++) {
      for (int tap = 0; tap < taps; tap++) {
        int at = filter * patch;
        reals.gather(given, at + tap, taps, ordered, at + tap * shape.channels, shape.channels);
      }
    }
    memory.put(0, ordered, 0, shape.filters * patch);
    if (parameterBiases != null) {
      parameterBiases.get(0, biases, 0, shape.filters);
      reals.widen(biases, biasValues);
    }
  }

  double bias(int filter) {
    return biasValues[filter];
  }

  /** The weights as the matrix {@code [filters, patchLength]}. */
  RealArrays.Operand<A> matrix() {
    return new RealArrays.Operand<>(memory, 0, shape.patchLength(), false);
  }

  /** The weights as the matrix {@code [patchLength, filters]}. */
  RealArrays.Operand<A> transposed() {
    return new RealArrays.Operand<>(memory, 0, shape.patchLength(), true);
  }

  @Override
  public void close() {
    memory.close();
  }
}
