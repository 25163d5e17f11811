package io.involution.cuda.layer;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;

/**
 * A dense layer with a ReLU on a device, {@code max(0, x W + b)}; its parameters are DL4J's:
 * weights {@code [inputs, outputs]} in column order, then biases.
 */
public final class DenseOnDevice implements DeviceLayer {
  private final LayerPlace place;
  private final CudaDevice device;
  private final DenseShape shape;
  private final Kernel forward;
  private final Kernel join;
  private final Kernel gate;
  private final Kernel gradients;
  private final DeviceMemory partial;
  private final DeviceMemory values;
  private final DeviceMemory gradient;

  /** The output layer that joins this one's parts; null when it does so itself. */
  private SoftmaxOnDevice head;

  /**
   * The layer.
   *
   * @param outputs units
   */
  public DenseOnDevice(LayerPlace place, int outputs) {
    this.place = place;
    device = place.device();
    shape = new DenseShape(place.capacity(), place.input().size(), outputs);
    forward = device.kernel("dense", "dense_forward");
    join = device.kernel("dense", "dense_join");
    gate = device.kernel("dense", "dense_gate");
    gradients = device.kernel("dense", shape.gradients());
    partial = device.allocate(Float.BYTES * shape.partials());
    values = device.allocate(Float.BYTES * shape.results());
    gradient = device.allocate(Float.BYTES * shape.results());
  }

  /** Leaves the joining of its parts to the output layer behind it, and takes its gradients. */
  void joinedBy(SoftmaxOnDevice output) {
    head = output;
  }

  @Override
  public void forward(boolean training) {
    device.launch(
        forward,
        shape.forwardGrid(),
        place.step(),
        place.input().values(),
        place.parameters(),
        partial.address(),
        shape.capacity(),
        shape.inputs(),
        shape.outputs(),
        shape.part());
    if (head == null) {
      device.launch(
          join,
          Grid.covering(shape.results(), DenseShape.THREADS),
          place.step(),
          partial.address(),
          biases(),
          values.address(),
          shape.capacity(),
          shape.outputs(),
          shape.parts(),
          1);
    }
  }

  @Override
  public void backward() {
    DenseShape second = head == null ? null : head.shape();
    if (head == null) {
      device.launch(
          gate,
          Grid.covering(shape.results(), DenseShape.THREADS),
          place.step(),
          values.address(),
          gradient.address(),
          shape.outputs());
    }
    device.launch(
        gradients,
        shape.gradientGrid(place.input().gradient() != 0, second),
        place.step(),
        place.input().values(),
        place.parameters(),
        gradient.address(),
        place.gradients(),
        place.gradients() + Float.BYTES * shape.weights(),
        place.input().gradient(),
        shape.capacity(),
        shape.inputs(),
        shape.outputs(),
        values.address(),
        head == null ? 0L : head.logitGradients(),
        head == null ? 0L : head.weightGradients(),
        head == null ? 0L : head.biasGradients(),
        head == null ? 0 : second.outputs());
  }

  /** Address of the parts of the output before bias and ReLU. */
  long partial() {
    return partial.address();
  }

  /** Address of the biases. */
  long biases() {
    return place.parameters() + Float.BYTES * shape.weights();
  }

  int parts() {
    return shape.parts();
  }

  @Override
  public Activations output() {
    return new Activations(values.address(), gradient.address(), shape.outputs(), 1, 1);
  }

  @Override
  public void close() {
    partial.close();
    values.close();
    gradient.close();
  }
}
