package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ChunkedConvolution;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The path for filters of 3x3 and stride 1 with enough channels and filters: {@link
 * WinogradTransform} transforms images, filters and outputs so that a quarter of the
 * multiplications remain, as 36 matrix products {@code [filters, channels] x [channels, tiles]}.
 * Each thread has images, so few at a time that all of that stays in its L2 cache.
 */
public final class WinogradConvolution<A> extends ChunkedConvolution<A> {
  /** Elements of transformed images that a micro-batch should not exceed: half of an L2 cache. */
  private static final int MICRO_BATCH_LENGTH = 450_000;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final WinogradGrid grid;
  private final WinogradWeights<A> weights;

  /** The transformed images of each chunk, kept from forward to backward. */
  private final List<NativeReals<A>> transformed = new ArrayList<>();

  private final int[] transformedImages = new int[ImageChunks.MOST];

  /** The path for a shape that {@link #suits}. */
  public WinogradConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    super(reals, shape);
    this.reals = reals;
    this.shape = shape;
    grid = new WinogradGrid(shape);
    weights = new WinogradWeights<>(reals, shape);
    for (int chunk = 0; chunk < ImageChunks.MOST; chunk++) {
      transformed.add(reals.allocate(0));
    }
  }

  /** Whether the path supports a shape and is faster for it. */
  public static boolean suits(ConvolutionShape shape) {
    return WinogradGrid.suits(shape) && !DeepWinogradConvolution.isDeep(shape);
  }

  @Override
  public void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    weights.load(parameterWeights, parameterBiases);
  }

  /** The place for the transformed pixels of a micro-batch. */
  WinogradMatrices<A> transformed(MicroBatch batch) {
    ImageChunk chunk = batch.chunk();
    int number = chunk.number();
    if (transformedImages[number] < chunk.images()) {
      transformed.get(number).close();
      transformed.set(number, reals.allocate(grid.length(shape.channels, chunk.images())));
      transformedImages[number] = chunk.images();
    }
    int at = grid.length(shape.channels, batch.first() - chunk.from());
    return new WinogradMatrices<>(
        transformed.get(number), at, shape.channels, batch.images() * grid.count());
  }

  @Override
  protected int mostImages(int chunkImages) {
    int perImage = grid.length(shape.channels + shape.filters, 1);
    return Math.min(chunkImages, Math.max(1, MICRO_BATCH_LENGTH / perImage));
  }

  @Override
  public long nativeLength(int images) {
    long kept = (long) images * grid.length(shape.channels, 1);
    long scratch =
        (long) largestMicroBatch(images) * grid.length(shape.channels + shape.filters, 1);
    return super.nativeLength(images) + sumLength() + kept + scratch;
  }

  @Override
  protected ConvolutionScratch<A> scratch(int mostImages) {
    return new WinogradScratch<>(this, sizes(mostImages), weights);
  }

  private WinogradSizes<A> sizes(int mostImages) {
    int lines = Math.max(shape.channels, shape.filters);
    return new WinogradSizes<>(reals, shape, grid, mostImages, lines);
  }

  @Override
  public int winners(int images) {
    return WinogradOutputs.winners(shape, grid, images);
  }

  @Override
  protected int sumLength() {
    return weights.length();
  }

  /** From {@code [point, filters, channels]}. */
  @Override
  protected void write(A sums, NativeReals<A> gradients) {
    weights.writeGradients(
        (at, line, count) -> reals.gather(sums, at, 1, line, 0, count), gradients);
  }

  @Override
  public void close() {
    super.close();
    weights.close();
    transformed.forEach(NativeReals::close);
  }
}
