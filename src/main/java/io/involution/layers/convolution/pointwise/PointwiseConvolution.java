package io.involution.layers.convolution.pointwise;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.convolution.ChunkedConvolution;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * The path for filters of 1x1 and stride 1 without a ReLU: an image, or a few small ones side by
 * side, are a matrix {@code [channels, pixels]}, and the outputs are the filters' product with it.
 * The products of whole images are made where the images are, without a copy.
 */
public final class PointwiseConvolution<A> extends ChunkedConvolution<A> {
  /** An image with fewer pixels shares its product with others. */
  private static final int LEAST_PIXELS = 48;

  /** About how many pixels these have together. */
  private static final int SHARED_PIXELS = 128;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final NativeReals<A> weights;
  private final A given;
  private final A biases;
  private final double[] biasValues;
  private boolean biased;

  /** The path for a shape that it {@link #suits}. */
  public PointwiseConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    super(reals, shape);
    this.reals = reals;
    this.shape = shape;
    weights = reals.allocate(shape.weightCount());
    given = reals.create(shape.weightCount());
    biases = reals.create(shape.filters);
    biasValues = new double[shape.filters];
  }

  /** Whether the path supports a shape. */
  public static boolean suits(ConvolutionShape shape) {
    return shape.kernelSize == 1 && shape.stride == 1 && !shape.relu;
  }

  @Override
  public void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    parameterWeights.get(0, given, 0, shape.weightCount());
    weights.put(0, given, 0, shape.weightCount());
    biased = parameterBiases != null;
    if (biased) {
      parameterBiases.get(0, biases, 0, shape.filters);
      reals.widen(biases, biasValues);
    }
  }

  /** The biases, one per filter; null if there are none. */
  double[] biases() {
    return biased ? biasValues : null;
  }

  /** The weights as the matrix {@code [filters, channels]}. */
  Operand<A> weights() {
    return new Operand<>(weights, 0, shape.channels, false);
  }

  @Override
  protected int mostImages(int chunkImages) {
    int pixels = shape.height * shape.width;
    return pixels >= LEAST_PIXELS ? 1 : Math.min(chunkImages, SHARED_PIXELS / pixels);
  }

  @Override
  protected ConvolutionScratch<A> scratch(int mostImages) {
    return new PointwiseScratch<>(reals, shape, this, mostImages);
  }

  @Override
  public int winners(int images) {
    return Math.multiplyExact(images, shape.finalLength());
  }

  @Override
  protected int sumLength() {
    return shape.weightCount();
  }

  @Override
  protected void write(A sums, NativeReals<A> gradients) {
    gradients.put(0, sums, 0, sumLength());
  }

  @Override
  public void close() {
    super.close();
    weights.close();
  }
}
