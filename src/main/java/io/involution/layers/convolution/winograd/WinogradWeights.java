package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.convolution.ConvolutionShape;
import java.util.ArrayList;
import java.util.List;

/** The parameters of a step: filters transformed to one matrix a point, and biases. */
final class WinogradWeights<A> implements AutoCloseable {
  private static final int TAPS = 9;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final List<NativeReals<A>> matrices = new ArrayList<>();
  private final A given;
  private final double[] givenValues;
  private final double[] biases;
  private final A biasArray;

  WinogradWeights(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    for (int point = 0; point < WinogradGrid.POINTS; point++) {
      matrices.add(reals.allocate(pairs()));
    }
    given = reals.create(shape.weightCount());
    givenValues = new double[shape.weightCount()];
    biasArray = reals.create(shape.filters);
    biases = new double[shape.filters];
  }

  /** Pairs of a filter and a channel. */
  int pairs() {
    return Math.multiplyExact(shape.filters, shape.channels);
  }

  /** Elements of the gradients of all points' matrices. */
  int length() {
    return Math.multiplyExact(WinogradGrid.POINTS, pairs());
  }

  void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    parameterWeights.get(0, given, 0, shape.weightCount());
    ImageChunks.run(pairs(), (thread, part) -> transform(part));
    if (parameterBiases != null) {
      parameterBiases.get(0, biasArray, 0, shape.filters);
      reals.widen(biasArray, biases);
    }
  }

  private void transform(ImageChunk part) {
    reals.widen(given, givenValues, part.from() * TAPS, part.to() * TAPS);
    WinogradFilters filters = new WinogradFilters();
    A line = reals.create(WinogradFilters.BLOCK);
    for (int pair = part.from(); pair < part.to(); pair += WinogradFilters.BLOCK) {
      int count = Math.min(WinogradFilters.BLOCK, part.to() - pair);
      filters.transform(givenValues, pair, count);
      for (int point = 0; point < WinogradGrid.POINTS; point++) {
        reals.narrow(filters.points[point], 0, line, count);
        matrices.get(point).put(pair, line, 0, count);
      }
    }
  }

  double bias(int filter) {
    return biases[filter];
  }

  /** A point's matrix {@code [filters, channels]}. */
  Operand<A> matrix(int point) {
    return new Operand<>(matrices.get(point), 0, shape.channels, false);
  }

  /** A point's matrix {@code [channels, filters]}. */
  Operand<A> transposed(int point) {
    return matrix(point).flipped();
  }

  /**
   * Writes the filters' gradients in the layer's order.
   *
   * @param sums those of {@code [point, filters, channels]}
   */
  void writeGradients(Lines<A> sums, NativeReals<A> gradients) {
    ImageChunks.run(pairs(), (thread, part) -> transformGradients(sums, part));
    gradients.put(0, given, 0, shape.weightCount());
  }

  private void transformGradients(Lines<A> sums, ImageChunk part) {
    WinogradFilters filters = new WinogradFilters();
    A line = reals.create(WinogradFilters.BLOCK);
    for (int pair = part.from(); pair < part.to(); pair += WinogradFilters.BLOCK) {
      int count = Math.min(WinogradFilters.BLOCK, part.to() - pair);
      for (int point = 0; point < WinogradGrid.POINTS; point++) {
        sums.copy(point * pairs() + pair, line, count);
        reals.widen(line, filters.points[point], 0, count);
      }
      filters.gradients(givenValues, pair, count);
    }
    reals.narrow(givenValues, given, part.from() * TAPS, part.to() * TAPS);
  }

  /** Writes the biases' gradients. */
  void writeBiasGradients(double[] sums, NativeReals<A> gradients) {
    reals.narrow(sums, 0, biasArray, shape.filters);
    gradients.put(0, biasArray, 0, shape.filters);
  }

  @Override
  public void close() {
    matrices.forEach(NativeReals::close);
  }

  /** Where sums are copied from: {@code count} of them, from {@code at} on. */
  @FunctionalInterface
  interface Lines<A> {
    void copy(int at, A line, int count);
  }
}
