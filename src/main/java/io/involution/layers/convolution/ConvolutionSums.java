package io.involution.layers.convolution;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradients of the parameters in a step, kept for every chunk of images and added up in chunk
 * order, so that their bits do not depend on which thread processed which chunk.
 */
public final class ConvolutionSums<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final int length;
  private final int filters;
  private final List<Chunk<A>> chunks = new ArrayList<>();
  private final A part;
  private final A total;
  private final A biases;
  private int used;

  /**
   * Sums without chunks yet.
   *
   * @param length elements of the weights' sums
   * @param filters number of biases
   */
  ConvolutionSums(RealArrays<A> reals, int length, int filters) {
    this.reals = reals;
    this.length = length;
    this.filters = filters;
    part = reals.create(length);
    total = reals.create(length);
    biases = reals.create(filters);
  }

  /** Prepares for a number of chunks; the threads that work on them set the weights' sums. */
  void prepare(int count) {
    while (chunks.size() < count) {
      chunks.add(new Chunk<>(reals.allocate(length), new double[filters]));
    }
    used = count;
    for (Chunk<A> chunk : chunks.subList(0, used)) {
      Arrays.fill(chunk.biases, 0);
    }
  }

  Chunk<A> of(int chunk) {
    return chunks.get(chunk);
  }

  /** The weights' totals in the path's order, until they are asked for again. */
  A weights() {
    ImageChunks.run(length, (thread, range) -> add(range.from(), range.to()));
    return total;
  }

  /** Writes the biases' totals. */
  void writeBiases(NativeReals<A> gradients) {
    double[] biasTotals = new double[filters];
    for (Chunk<A> chunk : chunks.subList(0, used)) {
      for (int filter = 0; filter < filters; filter++) {
        biasTotals[filter] += chunk.biases[filter];
      }
    }
    reals.narrow(biasTotals, 0, biases, filters);
    gradients.put(0, biases, 0, filters);
  }

  private void add(int from, int to) {
    reals.zero(total, from, to);
    for (Chunk<A> chunk : chunks.subList(0, used)) {
      chunk.weights.get(from, part, from, to - from);
      reals.add(part, total, from, to);
    }
  }

  @Override
  public void close() {
    chunks.forEach(chunk -> chunk.weights.close());
    chunks.clear();
  }

  /** The gradients of one chunk. */
  public static final class Chunk<A> {
    /** In the path's order. */
    public final NativeReals<A> weights;

    /** One per filter. */
    public final double[] biases;

    Chunk(NativeReals<A> weights, double[] biases) {
      this.weights = weights;
      this.biases = biases;
    }
  }
}
