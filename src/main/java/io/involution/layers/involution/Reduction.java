package io.involution.layers.involution;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;

/**
 * The first 1x1 convolution of an involution in float32 as matrix products of one image, forward
 * and backward. The reduced channels of the image, or their gradient, are the rows [R, H * W] of a
 * matrix anywhere in native memory.
 */
public final class Reduction implements AutoCloseable {
  private static final FloatArrays REALS = FloatArrays.INSTANCE;

  private final InvolutionShape shape;
  private final int firstWeight;
  private final int count;

  /** Positions of an image. */
  private final int size;

  /** [R, C]. */
  private final NativeReals<float[]> weights;

  /** Without weights yet. */
  public Reduction(InvolutionShape shape, ParameterOffsets offsets) {
    this.shape = shape;
    firstWeight = offsets.reduceWeights;
    count = shape.reduced * shape.channels;
    size = shape.height * shape.width;
    weights = REALS.allocate(count);
  }

  /** Receives a step's parameters. */
  public void load(double[] parameters) {
    float[] values = new float[count];
    REALS.narrow(parameters, firstWeight, values, count);
    weights.put(0, values, 0, count);
  }

  /** Memory for the sums of the weights' gradient, [R, C]. */
  public NativeReals<float[]> sums() {
    return REALS.allocate(count);
  }

  /** Writes the reduced channels of one image of [N, C, H, W]. */
  public void forward(NativeReals<float[]> images, int image, Operand<float[]> reduced) {
    REALS.multiply(
        new ProductShape(shape.reduced, size, shape.channels),
        new Operand<>(weights, 0, shape.channels, false),
        image(images, image),
        reduced,
        false);
  }

  /**
   * Sums the weights' gradient.
   *
   * @param image which of the images
   * @param gradient of the image's reduced channels
   * @param sums of the images before, to which this one is added if it is not the first
   */
  public void addGradient(
      NativeReals<float[]> images,
      int image,
      Operand<float[]> gradient,
      NativeReals<float[]> sums,
      boolean first) {
    REALS.multiply(
        new ProductShape(shape.reduced, shape.channels, size),
        gradient,
        image(images, image).flipped(),
        new Operand<>(sums, 0, shape.channels, false),
        !first);
  }

  /** Moves the sums over a chunk's images to the parameters' gradient. */
  public void takeGradient(NativeReals<float[]> sums, double[] gradient) {
    float[] values = new float[count];
    sums.get(0, values, 0, count);
    for (int i = 0; i < count; i++) {
      gradient[firstWeight + i] = values[i];
    }
  }

  /** Adds the gradient of one image, from that of its reduced channels. */
  public void addInputGradient(
      Operand<float[]> gradient, NativeReals<float[]> gradients, int image) {
    REALS.multiply(
        new ProductShape(shape.channels, size, shape.reduced),
        new Operand<>(weights, 0, shape.channels, true),
        gradient,
        image(gradients, image),
        true);
  }

  private Operand<float[]> image(NativeReals<float[]> images, int image) {
    return new Operand<>(images, image * shape.channels * size, size, false);
  }

  @Override
  public void close() {
    weights.close();
  }
}
