package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.involution.InvolutionShape;
import java.util.ArrayList;
import java.util.List;

/** Where one involution stands on a device: its sizes, its output and all of its memory. */
final class InvolutionSite implements AutoCloseable {
  private final LayerPlace place;
  private final InvolutionShape shape;
  private final List<DeviceMemory> memory = new ArrayList<>();
  private final Activations output;

  InvolutionSite(LayerPlace place, InvolutionShape shape) {
    this.place = place;
    this.shape = shape;
    output =
        new Activations(
            floats(outputs()),
            floats(outputs()),
            shape.channels,
            shape.pooledHeight(),
            shape.pooledWidth());
  }

  LayerPlace place() {
    return place;
  }

  InvolutionShape shape() {
    return shape;
  }

  Activations output() {
    return output;
  }

  /** Places of an image's output before pooling. */
  int places() {
    return shape.outHeight * shape.outWidth;
  }

  /** Values of a whole minibatch's output. */
  long outputs() {
    return (long) place.capacity() * shape.channels * shape.pooledHeight() * shape.pooledWidth();
  }

  /** Address of memory for a number of bytes, freed with the site. */
  long bytes(long count) {
    DeviceMemory more = place.device().allocate(count);
    memory.add(more);
    return more.address();
  }

  /** Address of memory for a number of floats, freed with the site. */
  long floats(long count) {
    return bytes(Float.BYTES * count);
  }

  /** Address of memory for a number of doubles, freed with the site. */
  long doubles(long count) {
    return bytes(Double.BYTES * count);
  }

  /** Enqueues a kernel. */
  void launch(Kernel kernel, Grid grid, Object... arguments) {
    place.device().launch(kernel, grid, arguments);
  }

  @Override
  public void close() {
    memory.forEach(DeviceMemory::close);
  }
}
