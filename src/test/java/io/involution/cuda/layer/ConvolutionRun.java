package io.involution.cuda.layer;

import io.involution.config.Precision;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import java.util.Arrays;

/** A convolution block on a device, with all that it reads and writes; what is unset is NaN. */
final class ConvolutionRun implements AutoCloseable {
  /** Parameters begin where no 16-byte access is allowed. */
  private static final int SHIFT = 3;

  private final CudaDevice device;
  private final ConvolutionCase values;
  private final DeviceMemory step;
  private final DeviceMemory input;
  private final DeviceMemory inputGradient;
  private final DeviceMemory parameters;
  private final DeviceMemory gradients;
  private final ConvolutionOnDevice layer;

  ConvolutionRun(CudaDevice device, ConvolutionCase values, int capacity, boolean wantsInput) {
    this(device, values, new Way(capacity, wantsInput, Precision.FLOAT32));
  }

  /** How a block is computed: in minibatches of up to so many, and by which numbers. */
  record Way(int capacity, boolean wantsInput, Precision precision) {}

  ConvolutionRun(CudaDevice device, ConvolutionCase values, Way way) {
    int capacity = way.capacity();
    this.device = device;
    this.values = values;
    step = device.allocate(4 * Integer.BYTES);
    device.write(step.address(), values.count(), 0, 0, 0);
    int length = capacity * values.shape().imageLength();
    input = filled(length, values.images());
    inputGradient = filled(length);
    parameters = filled(values.parameters().length + SHIFT, shifted(values.parameters()));
    gradients = filled(values.parameters().length + SHIFT);
    Activations from =
        new Activations(
            input.address(),
            way.wantsInput() ? inputGradient.address() : 0,
            values.shape().channels,
            values.shape().height,
            values.shape().width);
    LayerPlace place =
        new LayerPlace(
            device,
            from,
            step.address(),
            parameters.floatsAt(SHIFT),
            gradients.floatsAt(SHIFT),
            capacity,
            way.precision());
    layer = new ConvolutionOnDevice(place, values.block());
    write(layer.output().values(), capacity * values.shape().finalLength());
    write(
        layer.output().gradient(),
        capacity * values.shape().finalLength(),
        values.outputGradients());
  }

  private static float[] shifted(float[] values) {
    float[] shifted = new float[values.length + SHIFT];
    Arrays.fill(shifted, Float.NaN);
    System.arraycopy(values, 0, shifted, SHIFT, values.length);
    return shifted;
  }

  private DeviceMemory filled(int length, float... first) {
    DeviceMemory memory = device.allocate((long) Float.BYTES * length);
    write(memory.address(), length, first);
    return memory;
  }

  private void write(long to, int length, float... first) {
    float[] all = Arrays.copyOf(first, length);
    Arrays.fill(all, first.length, length, Float.NaN);
    device.write(to, all);
  }

  /** The name of the form that computes it. */
  String form() {
    return layer.form();
  }

  /** A forward and a backward pass. */
  void step() {
    layer.forward(true);
    layer.backward();
  }

  float[] outputs() {
    return device.readFloats(
        layer.output().values(), values.count() * values.shape().finalLength());
  }

  float[] parameterGradients() {
    return device.readFloats(gradients.floatsAt(SHIFT), values.parameters().length);
  }

  float[] inputGradients() {
    return device.readFloats(inputGradient.address(), values.images().length);
  }

  @Override
  public void close() {
    layer.close();
    gradients.close();
    parameters.close();
    inputGradient.close();
    input.close();
    step.close();
  }
}
