package io.involution.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parameter gradients of a step, kept for every chunk of images and added up in chunk order, so
 * that their bits do not depend on which thread did which chunk.
 */
final class ConvolutionSums<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final List<Chunk<A>> chunks = new ArrayList<>();
  private final A part;
  private final A total;
  private int used;

  ConvolutionSums(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    part = reals.create(length());
    total = reals.create(length());
  }

  /** Makes ready for so many chunks, all without a gradient yet. */
  void prepare(int count) {
    while (chunks.size() < count) {
      chunks.add(new Chunk<>(reals.allocate(length()), new double[shape.filters]));
    }
    used = count;
    for (Chunk<A> chunk : chunks) {
      chunk.weights.zero(length());
      Arrays.fill(chunk.biases, 0);
    }
  }

  Chunk<A> of(int chunk) {
    return chunks.get(chunk);
  }

  /** Writes the totals in the parameters' order. */
  void write(NativeReals<A> weightGradients, NativeReals<A> biasGradients) {
    reals.zero(total, 0, length());
    double[] biases = new double[shape.filters];
    for (Chunk<A> chunk : chunks.subList(0, used)) {
      chunk.weights.get(0, part, 0, length());
      reals.add(part, total, length());
      for (int filter = 0; filter < shape.filters; filter++) {
        biases[filter] += chunk.biases[filter];
      }
    }
    reals.transpose(total, shape.patchLength(), shape.filters, part);
    int taps = shape.kernelSize * shape.kernelSize;
    for (int filter = 0; filter < shape.filters; filter++) {
      int at = filter * shape.patchLength();
      for (int c = 0; c < shape.channels; c++) {
        reals.gather(part, at + c, shape.channels, total, at + c * taps, taps);
      }
    }
    weightGradients.put(0, total, 0, length());
    reals.narrow(biases, total);
    biasGradients.put(0, total, 0, shape.filters);
  }

  private int length() {
    return Math.multiplyExact(shape.filters, shape.patchLength());
  }

  @Override
  public void close() {
    chunks.forEach(chunk -> chunk.weights.close());
    chunks.clear();
  }

  /** The gradients of one chunk. */
  static final class Chunk<A> {
    /** {@code [patchLength, filters]} in the order of {@link RowBlocks#patches}. */
    final NativeReals<A> weights;

    /** One a filter. */
    final double[] biases;

    Chunk(NativeReals<A> weights, double[] biases) {
      this.weights = weights;
      this.biases = biases;
    }
  }
}
