package io.involution.layers.convolution.rows;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ChunkedConvolution;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;

/** The path for any shape: one product per output row, over {@link RowPatches}. */
public final class RowConvolution<A> extends ChunkedConvolution<A> {
  /**
   * Elements of row patches that a micro-batch should not exceed, so that they stay in the L2
   * cache.
   */
  private static final int MICRO_BATCH_LENGTH = 250_000;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final RowWeights<A> weights;
  private final A ordered;

  /** The path for a shape. */
  public RowConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    super(reals, shape);
    this.reals = reals;
    this.shape = shape;
    weights = new RowWeights<>(reals, shape);
    ordered = reals.create(sumLength());
  }

  @Override
  public void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    weights.load(parameterWeights, parameterBiases);
  }

  @Override
  protected int mostImages(int chunkImages) {
    return Math.min(
        chunkImages, Math.max(1, MICRO_BATCH_LENGTH / RowPatches.lengthPerImage(shape)));
  }

  @Override
  protected ConvolutionScratch<A> scratch(int mostImages) {
    return new RowScratch<>(reals, shape, weights, mostImages);
  }

  @Override
  public int winners(int images) {
    return Math.multiplyExact(images, shape.finalLength());
  }

  @Override
  protected int sumLength() {
    return shape.weightCount();
  }

  /** From {@code [patchLength, filters]} in the order of {@link RowPatches#patches}. */
  @Override
  protected void write(A sums, NativeReals<A> gradients) {
    reals.transpose(sums, shape.patchLength(), shape.filters, ordered);
    int taps = shape.kernelSize * shape.kernelSize;
    for (int filter = 0; filter < shape.filters; filter++) {
      int at = filter * shape.patchLength();
      for (int c = 0; c < shape.channels; c++) {
        reals.gather(ordered, at + c, shape.channels, sums, at + c * taps, taps);
      }
    }
    gradients.put(0, sums, 0, sumLength());
  }

  @Override
  public void close() {
    super.close();
    weights.close();
  }
}
