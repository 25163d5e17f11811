package io.involution.cuda;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaGraph;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.AdamOnDevice;
import io.involution.cuda.layer.ConvolutionOnDevice;
import io.involution.cuda.layer.DenseOnDevice;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.ExamplesOnDevice;
import io.involution.cuda.layer.InvolutionOnDevice;
import io.involution.cuda.layer.LayerPlace;
import io.involution.cuda.layer.SoftmaxOnDevice;
import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Involution;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import io.involution.train.StepSums;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseLayer;

/**
 * A network's layers on a device for minibatches of up to so many examples, and its step as
 * recorded launches: a step costs the host one call.
 */
final class NetworkOnDevice implements AutoCloseable {
  private final CudaDevice device;
  private final int capacity;
  private final ImageShape image;
  private final ExamplesOnDevice examples;
  private final List<DeviceLayer> layers = new ArrayList<>();
  private SoftmaxOnDevice output;
  private AdamOnDevice adam;
  private CudaGraph training;
  private CudaGraph inference;

  /**
   * Takes the memory.
   *
   * @param image the shape of the images
   * @param capacity the most examples of a minibatch
   */
  NetworkOnDevice(NetworkPlace place, ImageShape image, int capacity) {
    this.image = image;
    this.capacity = capacity;
    device = place.device();
    examples = new ExamplesOnDevice(device, place.round(), image, place.normalization(), capacity);
    try {
      add(place);
      adam = new AdamOnDevice(device, place.round(), place.vectors(), place.rule(), output);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(NetworkPlace place) {
    Activations input = examples.output();
    long offset = 0;
    for (BaseLayer layer : place.chain().layers()) {
      LayerPlace at =
          new LayerPlace(
              device,
              input,
              place.round().header(),
              place.vectors().parameters() + Float.BYTES * offset,
              place.vectors().gradients() + Float.BYTES * offset,
              capacity);
      DeviceLayer made = made(layer, at);
      layers.add(made);
      input = made.output();
      offset += layer.initializer().numParams(layer);
    }
    if (offset != place.vectors().length()) {
      throw new IllegalStateException(
          offset + " parameters of layers in vectors of " + place.vectors().length());
    }
  }

  private DeviceLayer made(BaseLayer layer, LayerPlace at) {
    if (layer instanceof ConvolutionBlock block) {
      return new ConvolutionOnDevice(at, block);
    }
    if (layer instanceof Involution involution) {
      return new InvolutionOnDevice(at, involution);
    }
    if (layer instanceof Dense dense) {
      return new DenseOnDevice(at, Math.toIntExact(dense.getNOut()));
    }
    if (!(layer instanceof SoftmaxOutput last)) {
      throw new IllegalStateException("no kernels for " + layer);
    }
    output =
        new SoftmaxOnDevice(
            at,
            Math.toIntExact(last.getNOut()),
            examples.labels(),
            (SoftmaxCrossEntropy) last.getLossFn());
    boolean joined = !layers.isEmpty() && layers.get(layers.size() - 1) instanceof DenseOnDevice;
    return joined ? output.after((DenseOnDevice) layers.get(layers.size() - 1)) : output;
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
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).backward();
    }
    adam.step();
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
    layers.forEach(layer -> layer.forward(trained));
  }

  /** What the round's steps have counted; waits. */
  StepSums sums() {
    return adam.sums();
  }

  /**
   * The logits of the last minibatch; waits.
   *
   * @return {@code [examples][classes]}, row by row
   */
  float[] logits(int rows) {
    Activations logits = output.output();
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
    if (adam != null) {
      adam.close();
    }
    layers.forEach(DeviceLayer::close);
    examples.close();
  }
}
