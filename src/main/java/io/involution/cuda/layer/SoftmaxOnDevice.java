package io.involution.cuda.layer;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The output layer on a device: logits {@code x W + b}, softmax, and cross-entropy with its
 * gradient. Parameters are DL4J's: weights {@code [inputs, classes]} in column order, then biases,
 * if it has them. Its forward pass in training makes the gradients of the logits and of the input
 * too.
 */
public final class SoftmaxOnDevice implements DeviceLayer {
  private static final int THREADS = 256;

  private final LayerPlace place;
  private final CudaDevice device;
  private final DenseShape shape;
  private final boolean biased;
  private final long labels;
  private final Kernel softmax;
  private final Kernel gradients;
  private final DeviceMemory weights;

  /** Of a label, the share of its class, and that of every other one. */
  private final double ownShare;

  private final double otherShare;
  private final DeviceMemory logits;
  private final DeviceMemory logitGradients;
  private final DeviceMemory losses;
  private final DeviceMemory hits;

  /**
   * The dense layer before, whose parts are joined here; null when the input is another layer's.
   */
  private DenseOnDevice dense;

  /**
   * The layer.
   *
   * @param biased whether it has biases
   * @param labels address of the minibatch's labels, int32
   * @param loss its class weights and label smoothing
   */
  public SoftmaxOnDevice(
      LayerPlace place, int classes, boolean biased, long labels, SoftmaxCrossEntropy loss) {
    this.place = place;
    this.biased = biased;
    this.labels = labels;
    device = place.device();
    shape = new DenseShape(place.capacity(), place.input().size(), classes);
    softmax = device.kernel("softmax", "softmax");
    gradients = device.kernel("dense", shape.gradients());
    logits = device.allocate(Float.BYTES * shape.results());
    logitGradients = device.allocate(Float.BYTES * shape.results());
    losses = device.allocate((long) Double.BYTES * place.capacity());
    hits = device.allocate((long) Integer.BYTES * place.capacity());
    otherShare = loss.labelSmoothing() / classes;
    ownShare = 1 - loss.labelSmoothing() + otherShare;
    weights = loss.classWeights().length == 0 ? null : device.allocate(8L * classes);
    if (weights != null) {
      device.write(weights.address(), bytes(loss.classWeights()));
    }
  }

  /**
   * Joins the dense layer right before this one with it: two kernels fewer in a step.
   *
   * @param before the layer whose output is this one's input
   */
  public SoftmaxOnDevice after(DenseOnDevice before) {
    if (before.output().values() != place.input().values()) {
      throw new IllegalArgumentException("not the layer before");
    }
    dense = before;
    before.joinedBy(this);
    return this;
  }

  @Override
  public void forward(boolean training) {
    device.launch(
        softmax,
        new Grid(shape.capacity(), THREADS),
        place.step(),
        dense == null ? 0L : dense.partial(),
        dense == null ? 0L : dense.biases(),
        place.input().values(),
        place.parameters(),
        biased ? place.parameters() + Float.BYTES * shape.weights() : 0L,
        training ? labels : 0L,
        weights == null ? 0L : weights.address(),
        logits.address(),
        logitGradients.address(),
        place.input().gradient(),
        losses.address(),
        hits.address(),
        shape.capacity(),
        shape.inputs(),
        shape.outputs(),
        dense == null ? 0 : dense.parts(),
        ownShare,
        otherShare);
  }

  @Override
  public void backward() {
    if (dense == null) {
      device.launch(
          gradients,
          shape.gradientGrid(false, null),
          place.step(),
          place.input().values(),
          place.parameters(),
          logitGradients.address(),
          weightGradients(),
          biasGradients(),
          0L,
          shape.capacity(),
          shape.inputs(),
          shape.outputs(),
          0L,
          0L,
          0L,
          0L,
          0);
    }
  }

  DenseShape shape() {
    return shape;
  }

  /** Address of the gradients of the logits. */
  long logitGradients() {
    return logitGradients.address();
  }

  long weightGradients() {
    return place.gradients();
  }

  /** Address of the biases' gradients; 0 for none. */
  long biasGradients() {
    return biased ? place.gradients() + Float.BYTES * shape.weights() : 0L;
  }

  /**
   * Address of the minibatch's losses in nats without class weights and label smoothing, float64.
   */
  public long losses() {
    return losses.address();
  }

  /** Address of what is 1 where an example of the minibatch is classified correctly, int32. */
  public long hits() {
    return hits.address();
  }

  /** The logits; nobody writes their gradients but this layer itself. */
  @Override
  public Activations output() {
    return new Activations(logits.address(), logitGradients.address(), shape.outputs(), 1, 1);
  }

  private static byte[] bytes(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
    return bytes.array();
  }

  @Override
  public void close() {
    logits.close();
    logitGradients.close();
    losses.close();
    hits.close();
    if (weights != null) {
      weights.close();
    }
  }
}
