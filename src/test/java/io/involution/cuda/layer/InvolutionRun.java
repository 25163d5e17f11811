package io.involution.cuda.layer;

import io.involution.cuda.EmulatedCuda;
import io.involution.cuda.driver.CudaDevice;
import java.util.Arrays;

/**
 * What the kernels make of a step, with memory that nobody wrote full of NaN.
 *
 * @param inputGradient empty where the layer does not make it
 */
@SuppressWarnings("ArrayRecordComponent") // results of one test, never compared as a whole
record InvolutionRun(
    float[] output,
    float[] inference,
    float[] parameters,
    float[] gradient,
    float[] inputGradient) {

  /** Runs a layer that was made for minibatches of at most {@code capacity} examples. */
  static InvolutionRun of(InvolutionReference step, int capacity, boolean general) {
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0)) {
      int[] sizes = step.sizes;
      int inputs = capacity * sizes[0] * sizes[1] * sizes[2];
      long input = poisoned(device, inputs, step.input);
      long inputGradient = step.layer.isInputGradient() ? poisoned(device, inputs) : 0;
      long parameters = poisoned(device, step.parameters.length, step.parameters);
      long gradients = poisoned(device, step.parameters.length);
      long header = device.allocate(16).address();
      device.write(header, step.images, 0, 0, 0);
      LayerPlace place =
          new LayerPlace(
              device,
              new Activations(input, inputGradient, sizes[0], sizes[1], sizes[2]),
              header,
              parameters,
              gradients,
              capacity);
      try (InvolutionOnDevice layer = new InvolutionOnDevice(place, step.layer, general)) {
        Activations output = layer.output();
        int outputs = step.images * output.size();
        fill(device, output.values(), capacity * output.size());
        fill(device, output.gradient(), capacity * output.size());
        device.write(output.gradient(), step.outputGradient());
        layer.forward(true);
        layer.backward();
        float[] trained = device.readFloats(output.values(), outputs);
        layer.forward(false);
        return new InvolutionRun(
            trained,
            device.readFloats(output.values(), outputs),
            device.readFloats(parameters, step.parameters.length),
            device.readFloats(gradients, step.parameters.length),
            inputGradient == 0
                ? new float[0]
                : device.readFloats(inputGradient, step.input.length));
      }
    }
  }

  private static long poisoned(CudaDevice device, int count, float... values) {
    long address = device.allocate((long) Float.BYTES * count).address();
    fill(device, address, count);
    if (values.length > 0) {
      device.write(address, values);
    }
    return address;
  }

  private static void fill(CudaDevice device, long address, int count) {
    float[] poison = new float[count];
    Arrays.fill(poison, Float.NaN);
    device.write(address, poison);
  }
}
