package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * Sums of a block's parameter gradients over parts of the minibatch, and their sum in a fixed
 * order. A part holds the biases and then the weights as {@code [tap][filter][channel]}.
 */
final class ConvolutionPartials implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int NEIGHBORS = 32;

  /** A bound on the floats of all parts, unless a single one has more. */
  private static final int MOST_FLOATS = 1 << 24;

  private final ConvolutionSite site;
  private final Kernel sum;
  private final DeviceMemory memory;
  private final int images;
  private final int count;

  /**
   * Memory for the parts.
   *
   * @param wanted a bound on their number; fewer where they would take too much memory
   */
  ConvolutionPartials(ConvolutionSite site, int wanted) {
    this.site = site;
    int capacity = site.place().capacity();
    int mostParts = Math.min(wanted, Math.max(1, MOST_FLOATS / site.parameterCount()));
    images = Grid.parts(capacity, mostParts);
    count = Grid.parts(capacity, images);
    sum = site.kernel("convolution", "sum_partials");
    memory = site.place().device().allocate((long) Float.BYTES * count * site.parameterCount());
  }

  /** Address of the first part. */
  long address() {
    return memory.address();
  }

  /** Number of parts. */
  int count() {
    return count;
  }

  /** Examples of a part; the last part may have fewer. */
  int images() {
    return images;
  }

  /** Enqueues the sum of all parts, into the parameters' gradients. */
  void sum() {
    ConvolutionShape shape = site.shape();
    site.launch(
        sum,
        new Grid(Grid.parts(site.parameterCount(), NEIGHBORS), THREADS),
        memory.address(),
        site.biasGradients(),
        site.weightGradients(),
        count,
        shape.filters,
        shape.channels,
        shape.kernelSize * shape.kernelSize);
  }

  @Override
  public void close() {
    memory.close();
  }
}
