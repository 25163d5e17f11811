package io.involution.cuda.layer.norm;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.LayerPlace;

/** The memory of what a layer makes, and of its gradient. */
final class OutputMemory implements AutoCloseable {
  private final DeviceMemory memory;
  private final Activations values;

  /** Memory for as much as the layer takes. */
  OutputMemory(LayerPlace place) {
    this(place, place.input().channels(), place.input().height(), place.input().width());
  }

  /** Memory for minibatches of images. */
  OutputMemory(LayerPlace place, int channels, int height, int width) {
    long count = (long) place.capacity() * channels * height * width;
    // The gradient begins where an allocation of its own would.
    long gradient = DeviceMemory.aligned(count);
    memory = place.device().allocate(Float.BYTES * (gradient + count));
    values = new Activations(memory.address(), memory.floatsAt(gradient), channels, height, width);
  }

  Activations values() {
    return values;
  }

  @Override
  public void close() {
    memory.close();
  }
}
