package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** The weights of 3x3 filters in the two orders that fast kernels read. */
final class ArrangedWeights implements AutoCloseable {
  private static final int THREADS = 256;

  private final ConvolutionSite site;
  private final Kernel arrange;
  private final DeviceMemory memory;

  /** Memory for both. */
  ArrangedWeights(ConvolutionSite site) {
    this.site = site;
    arrange = site.kernel("convolution_tiles", "arrange_weights");
    memory = site.place().device().allocate(2L * Float.BYTES * site.shape().weightCount());
  }

  /** Address of the weights as {@code [channel][tap][filter]}. */
  long byFilter() {
    return memory.address();
  }

  /** Address of the weights as {@code [filter][tap][channel]}. */
  long byChannel() {
    return memory.floatsAt(site.shape().weightCount());
  }

  /** Enqueues the copying of the parameters into both orders. */
  void arrange() {
    ConvolutionShape shape = site.shape();
    site.launch(
        arrange,
        Grid.covering(shape.weightCount(), THREADS),
        site.weights(),
        byFilter(),
        byChannel(),
        shape.channels,
        shape.filters);
  }

  @Override
  public void close() {
    memory.close();
  }
}
