package io.involution.cuda.layer;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.data.ImageShape;
import io.involution.model.Normalization;

/**
 * The beginning of a step: writes its header, loads its images as the network takes them, float32,
 * augmented and normalized, and its labels.
 */
public final class ExamplesOnDevice implements DeviceLayer {
  private static final int THREADS = 512;
  private static final int VALUES = 256;

  private final CudaDevice device;
  private final RoundOnDevice round;
  private final ImageShape image;
  private final int capacity;
  private final Kernel kernel;
  private final DeviceMemory numbers;
  private final DeviceMemory images;
  private final DeviceMemory labels;

  /**
   * Memory for minibatches.
   *
   * @param normalization what is done to the pixels
   * @param capacity the most examples of a minibatch
   */
  public ExamplesOnDevice(
      CudaDevice device,
      RoundOnDevice round,
      ImageShape image,
      Normalization normalization,
      int capacity) {
    this.device = device;
    this.round = round;
    this.image = image;
    this.capacity = capacity;
    kernel = device.kernel("examples", "examples");
    numbers = device.allocate((long) Float.BYTES * VALUES * image.channels());
    images = device.allocate((long) Float.BYTES * capacity * image.pixels());
    labels = device.allocate((long) Integer.BYTES * capacity);
    for (int channel = 0; channel < image.channels(); channel++) {
      device.write(numbers.floatsAt((long) VALUES * channel), normalization.table(channel));
    }
  }

  @Override
  public void forward(boolean training) {
    device.launch(
        kernel,
        new Grid(capacity, THREADS),
        round.next(),
        round.table(),
        round.header(),
        numbers.address(),
        images.address(),
        labels.address(),
        image.channels(),
        image.height(),
        image.width());
  }

  /** Nothing: there is nothing to train. */
  @Override
  public void backward() {}

  @Override
  public Activations output() {
    return new Activations(images.address(), 0, image.channels(), image.height(), image.width());
  }

  /** Address of the labels, int32. */
  public long labels() {
    return labels.address();
  }

  @Override
  public void close() {
    numbers.close();
    images.close();
    labels.close();
  }
}
