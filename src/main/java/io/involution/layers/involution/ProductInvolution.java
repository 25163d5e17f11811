package io.involution.layers.involution;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The common part of the paths on the CPU in float32 whose 1x1 convolutions are matrix products.
 * Every thread has its own views of arrays, since a view is an operand of products at one offset at
 * a time.
 *
 * @param <P> the products of the second 1x1 convolution
 * @param <C> what it keeps for a chunk of images between passes
 * @param <S> scratch memory of one thread
 */
public abstract class ProductInvolution<
        P extends ProductInvolution.Span, C extends InvolutionChunk, S>
    extends HostInvolution<INDArray, C, S> {
  /** The first 1x1 convolution; null until the first pass, and after {@link #close}. */
  protected Reduction reduction;

  /** The second one; null when the first one is. */
  protected P products;

  /** A path for images of one size. */
  protected ProductInvolution(InvolutionShape shape) {
    super(shape);
  }

  /** The second 1x1 convolution. */
  public interface Span extends AutoCloseable {
    /** Receives a step's parameters. */
    void load(double[] parameters);

    @Override
    void close();
  }

  /** Allocates the second 1x1 convolution. */
  protected abstract P span();

  @Override
  protected final INDArray view(INDArray array) {
    return array;
  }

  /** A thread's own view of an array; null of null. */
  protected static NativeReals<float[]> floats(INDArray array) {
    return array == null ? null : FloatArrays.INSTANCE.view(array);
  }

  @Override
  protected final void load() {
    if (products == null) {
      reduction = new Reduction(shape, offsets);
      products = span();
    }
    reduction.load(parameters);
    products.load(parameters);
  }

  @Override
  public final void close() {
    super.close();
    if (products != null) {
      reduction.close();
      products.close();
      reduction = null;
      products = null;
    }
  }
}
