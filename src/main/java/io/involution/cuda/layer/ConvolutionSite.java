package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * The memory of one convolution block on a device, which all of its forms share.
 *
 * @param place where the layer stands
 * @param block what it computes
 * @param shape its sizes
 * @param output what it makes
 * @param sizes address of the sizes, as the kernels read them
 * @param choice address of a byte for each output: which of the pool's four inputs it came from, or
 *     4 where the ReLU cut it off; 0 without a pool
 */
record ConvolutionSite(
    LayerPlace place,
    ConvolutionBlock block,
    ConvolutionShape shape,
    Activations output,
    long sizes,
    long choice) {
  private static final int SIZES = 16;

  /** Puts a site in device memory; all of it is freed by closing the memory. */
  static ConvolutionSite of(LayerPlace place, ConvolutionBlock block, DeviceMemory memory) {
    ConvolutionShape shape = block.shape(place.input().height(), place.input().width());
    long values = outputs(place, shape);
    Activations output =
        new Activations(
            memory.address(),
            memory.floatsAt(values),
            shape.filters,
            shape.finalHeight,
            shape.finalWidth);
    long sizes = memory.floatsAt(2 * values);
    place.device().write(sizes, sizes(shape));
    long choice = shape.pool ? sizes + Integer.BYTES * (long) SIZES : 0;
    return new ConvolutionSite(place, block, shape, output, sizes, choice);
  }

  /** Bytes of device memory that {@link #of} wants. */
  static long bytes(LayerPlace place, ConvolutionShape shape) {
    long values = outputs(place, shape);
    return 2 * Float.BYTES * values + Integer.BYTES * (long) SIZES + (shape.pool ? values : 0);
  }

  private static long outputs(LayerPlace place, ConvolutionShape shape) {
    return DeviceMemory.aligned((long) place.capacity() * shape.finalLength());
  }

  private static int[] sizes(ConvolutionShape shape) {
    return new int[] {
      shape.channels,
      shape.height,
      shape.width,
      shape.filters,
      shape.kernelSize,
      shape.stride,
      shape.padTop,
      shape.padLeft,
      shape.outHeight,
      shape.outWidth,
      shape.finalHeight,
      shape.finalWidth,
      shape.pool ? 1 : 0,
      shape.relu ? 1 : 0
    };
  }

  /** Whether it is a 3x3 SAME convolution of stride 1 with a ReLU, as the fast kernels want it. */
  static boolean isThreeByThree(ConvolutionShape shape) {
    return shape.kernelSize == 3
        && shape.stride == 1
        && shape.padTop == 1
        && shape.outHeight == shape.height
        && shape.relu;
  }

  /** Address of the biases; 0 for none. */
  long biases() {
    return block.hasBias() ? place.parameters() : 0L;
  }

  /** Address of the weights. */
  long weights() {
    return place.parameters() + weightsAt();
  }

  /** Address of the biases' gradients; 0 for none. */
  long biasGradients() {
    return block.hasBias() ? place.gradients() : 0L;
  }

  /** Address of the weights' gradients; 0 where they are not trained. */
  long weightGradients() {
    return block.hasFrozenFilters() ? 0L : place.gradients() + weightsAt();
  }

  private long weightsAt() {
    return block.hasBias() ? (long) Float.BYTES * shape.filters : 0L;
  }

  /** Number of all sums over the minibatch, whether they are parameters or not. */
  int parameterCount() {
    return Math.addExact(shape.weightCount(), shape.filters);
  }

  /** A kernel of a module, loaded. */
  Kernel kernel(String module, String name) {
    return place.device().kernel(module, name);
  }

  /** Enqueues a kernel. */
  void launch(Kernel kernel, Grid grid, Object... arguments) {
    place.device().launch(kernel, grid, arguments);
  }
}
