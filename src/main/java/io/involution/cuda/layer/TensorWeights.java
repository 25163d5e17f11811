package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * A convolution's weights in TF32, in the order in which tensor cores take them: as they are, and
 * with channels and filters exchanged for the input's gradient.
 */
final class TensorWeights implements AutoCloseable {
  private static final int THREADS = 256;

  /** Rows of a block's product, and entries of a step. */
  private static final int ROWS = 64;

  private static final int ENTRIES = 8;

  private final ConvolutionSite site;
  private final Kernel arrange;
  private final DeviceMemory memory;
  private final int taps;

  /** Steps of a stage that have the same tap. */
  private final int groups;

  /** Memory for both. */
  TensorWeights(ConvolutionSite site) {
    this.site = site;
    ConvolutionShape shape = site.shape();
    taps = shape.kernelSize * shape.kernelSize;
    groups = taps == 1 ? 2 : 1;
    arrange = site.kernel("tf32_convolution", "tf32_arrange");
    long length =
        (long) length(shape.filters, shape.channels) + length(shape.channels, shape.filters);
    memory = site.place().device().allocate(Float.BYTES * length);
  }

  /** Whole blocks of rows, whole stages of entries. */
  private int length(int rows, int entries) {
    int stages = Grid.parts(entries, ENTRIES * groups);
    int blocks = Grid.parts(rows, ROWS);
    return Math.multiplyExact(blocks * ROWS * taps, stages * groups * ENTRIES);
  }

  /** Address of the weights by filters. */
  long forward() {
    return memory.address();
  }

  /** Address of the weights by channels. */
  long back() {
    return memory.floatsAt(length(site.shape().filters, site.shape().channels));
  }

  /** Enqueues the copying of the weights into both. */
  void arrange() {
    ConvolutionShape shape = site.shape();
    int forward = length(shape.filters, shape.channels);
    int back = length(shape.channels, shape.filters);
    site.launch(
        arrange,
        Grid.covering(Math.max(forward, back), THREADS),
        site.weights(),
        forward(),
        back(),
        forward,
        back,
        shape.channels,
        shape.filters,
        taps,
        groups);
  }

  @Override
  public void close() {
    memory.close();
  }
}
