package io.involution.cuda;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaGraph;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.ExamplesOnDevice;
import io.involution.cuda.update.UpdateOnDevice;
import io.involution.data.ImageShape;
import io.involution.train.StepSums;

/**
 * A network's layers on a device for minibatches of up to so many examples, and its step as
 * recorded launches: a step costs the host one call.
 */
final class NetworkOnDevice implements AutoCloseable {
  private final CudaDevice device;
  private final int capacity;
  private final ImageShape image;
  private final ExamplesOnDevice examples;
  private final LayersOnDevice layers;
  private final UpdateOnDevice update;
  private CudaGraph training;
  private CudaGraph inference;

  /**
   * Takes the memory; what it has taken when that fails is for the caller to free.
   *
   * @param image the shape of the images
   * @param capacity the most examples of a minibatch
   */
  NetworkOnDevice(NetworkPlace place, ImageShape image, int capacity) {
    this.image = image;
    this.capacity = capacity;
    device = place.device();
    examples = new ExamplesOnDevice(device, place.round(), image, place.normalization(), capacity);
    layers = new LayersOnDevice(place, examples, capacity);
    update =
        new UpdateOnDevice(device, place.round(), place.vectors(), place.rule(), layers.output());
  }

  /** Whether this is for images of a shape and just so many examples. */
  boolean fits(ImageShape shape, int examplesAtMost) {
    return image.equals(shape) && capacity == examplesAtMost;
  }

  /** Enqueues a local step. */
  void step() {
    if (training == null) {
      training = device.capture(this::launchStep);
    }
    device.replay(training);
  }

  private void launchStep() {
    launchForward(true);
    layers.backward();
    update.step();
  }

  /** Enqueues a forward pass by the running statistics. */
  void forward() {
    if (inference == null) {
      inference = device.capture(() -> launchForward(false));
    }
    device.replay(inference);
  }

  private void launchForward(boolean trained) {
    examples.forward(trained);
    layers.forward(trained);
  }

  /** What the round's steps have counted; waits. */
  StepSums sums() {
    return update.sums();
  }

  /**
   * The logits of the last minibatch; waits.
   *
   * @return {@code [examples][classes]}, row by row
   */
  float[] logits(int rows) {
    Activations logits = layers.output().output();
    return device.readFloats(logits.values(), rows * logits.channels());
  }

  @Override
  public void close() {
    if (training != null) {
      training.close();
    }
    if (inference != null) {
      inference.close();
    }
    update.close();
    layers.close();
    examples.close();
  }
}
