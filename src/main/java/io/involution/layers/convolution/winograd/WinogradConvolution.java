package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionPath;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The path for filters of 3x3 and stride 1 with enough channels and filters: {@link
 * WinogradTransform} transforms images, filters and outputs so that a quarter of the
 * multiplications remain, as 36 matrix products {@code [filters, channels] x [channels, tiles]}.
 */
public final class WinogradConvolution<A> implements ConvolutionPath<A> {
  /**
   * With fewer channels or filters, as in the first layer of a network, the transforms cost more
   * than the products save.
   */
  private static final int LEAST_DEPTH = 8;

  /** Elements of transformed images that a micro-batch should not exceed: half of an L2 cache. */
  private static final int MICRO_BATCH_LENGTH = 450_000;

  /**
   * The same where the filters' transforms exceed the L2 cache anyway: every micro-batch reads and
   * packs them once, which takes as long as the products with the tiles of 16 small images.
   */
  private static final int DEEP_MICRO_BATCH_LENGTH = 4_000_000;

  /** Most chunks of a deep layer, for the same reason, and for the sums of each. */
  private static final int DEEP_CHUNKS = 8;

  /** More pairs of a filter and a channel than these are deep. */
  private static final int DEEP_PAIRS = 64 * 64;

  private static final int TAPS = 9;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final WinogradGrid grid;
  private final List<NativeReals<A>> weights = new ArrayList<>();
  private final A given;
  private final double[] givenValues;
  private final double[] biases;
  private final A biasArray;

  /** The transformed images of each chunk, kept from forward to backward. */
  private final List<NativeReals<A>> transformed = new ArrayList<>();

  private final int[] transformedImages = new int[ImageChunks.MOST];

  /** The path for a shape that {@link #suits}. */
  public WinogradConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    grid = new WinogradGrid(shape);
    for (int point = 0; point < WinogradGrid.POINTS; point++) {
      weights.add(reals.allocate(pairs()));
    }
    for (int chunk = 0; chunk < ImageChunks.MOST; chunk++) {
      transformed.add(reals.allocate(0));
    }
    given = reals.create(shape.weightCount());
    givenValues = new double[shape.weightCount()];
    biasArray = reals.create(shape.filters);
    biases = new double[shape.filters];
  }

  /** Whether the path supports a shape and is faster for it. */
  public static boolean suits(ConvolutionShape shape) {
    return shape.kernelSize == 3
        && shape.stride == 1
        && shape.channels >= LEAST_DEPTH
        && shape.filters >= LEAST_DEPTH
        && !(isDeep(shape) && isBelowOneTile(shape));
  }

  private static boolean isDeep(ConvolutionShape shape) {
    return (long) shape.filters * shape.channels > DEEP_PAIRS;
  }

  private static boolean isBelowOneTile(ConvolutionShape shape) {
    return shape.outHeight < WinogradGrid.OUTPUTS && shape.outWidth < WinogradGrid.OUTPUTS;
  }

  /** Pairs of a filter and a channel. */
  private int pairs() {
    return Math.multiplyExact(shape.filters, shape.channels);
  }

  @Override
  public void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    parameterWeights.get(0, given, 0, shape.weightCount());
    ImageChunks.run(pairs(), (thread, part) -> transformFilters(part));
    if (parameterBiases != null) {
      parameterBiases.get(0, biasArray, 0, shape.filters);
      reals.widen(biasArray, biases);
    }
  }

  private void transformFilters(ImageChunk part) {
    reals.widen(given, givenValues, part.from() * TAPS, part.to() * TAPS);
    WinogradFilters filters = new WinogradFilters();
    A line = reals.create(WinogradFilters.BLOCK);
    for (int pair = part.from(); pair < part.to(); pair += WinogradFilters.BLOCK) {
      int count = Math.min(WinogradFilters.BLOCK, part.to() - pair);
      filters.transform(givenValues, pair, count);
      for (int point = 0; point < WinogradGrid.POINTS; point++) {
        reals.narrow(filters.points[point], 0, line, count);
        weights.get(point).put(pair, line, 0, count);
      }
    }
  }

  /** The place for the transformed pixels of a micro-batch. */
  WinogradMatrices<A> transformed(MicroBatch batch) {
    ImageChunk chunk = batch.chunk();
    int number = chunk.number();
    if (transformedImages[number] < chunk.images()) {
      transformed.get(number).close();
      transformed.set(number, reals.allocate(matricesLength(shape.channels, chunk.images())));
      transformedImages[number] = chunk.images();
    }
    int at = matricesLength(shape.channels, batch.first() - chunk.from());
    return new WinogradMatrices<>(
        transformed.get(number), at, shape.channels, batch.images() * grid.count());
  }

  /** Elements of the matrices of all points for a number of rows and images. */
  int matricesLength(int rows, int images) {
    return Math.multiplyExact(WinogradGrid.POINTS * rows, images * grid.count());
  }

  WinogradGrid grid() {
    return grid;
  }

  double bias(int filter) {
    return biases[filter];
  }

  /** A point's weights as the matrix {@code [filters, channels]}. */
  RealArrays.Operand<A> weights(int point) {
    return new RealArrays.Operand<>(weights.get(point), 0, shape.channels, false);
  }

  /** A point's weights as the matrix {@code [channels, filters]}. */
  RealArrays.Operand<A> transposedWeights(int point) {
    return new RealArrays.Operand<>(weights.get(point), 0, shape.channels, true);
  }

  @Override
  public int chunks(int images) {
    int chunks = ImageChunks.count(images);
    return isDeep(shape) ? Math.min(chunks, DEEP_CHUNKS) : chunks;
  }

  @Override
  public int mostImages(int chunkImages) {
    int perImage = WinogradGrid.POINTS * grid.count() * (shape.channels + shape.filters);
    int length = isDeep(shape) ? DEEP_MICRO_BATCH_LENGTH : MICRO_BATCH_LENGTH;
    return Math.min(chunkImages, Math.max(1, length / perImage));
  }

  @Override
  public long nativeLength(int images) {
    long kept = (long) images * matricesLength(shape.channels, 1);
    long scratch =
        (long) largestMicroBatch(images) * matricesLength(shape.channels + shape.filters, 1);
    return ConvolutionPath.super.nativeLength(images) + sumLength() + kept + scratch;
  }

  @Override
  public ConvolutionScratch<A> scratch(int mostImages) {
    return new WinogradScratch<>(reals, shape, this, mostImages);
  }

  /** Marks of whole tiles, those beyond an image's border included. */
  @Override
  public int winners(int images) {
    return Math.multiplyExact(images, winnersPerImage());
  }

  int winnersPerImage() {
    return shape.filters * grid.count() * outputsPerTile();
  }

  /** Outputs of a tile after the pool. */
  int outputsPerTile() {
    int size = WinogradGrid.OUTPUTS / (shape.pool ? 2 : 1);
    return size * size;
  }

  @Override
  public int sumLength() {
    return Math.multiplyExact(WinogradGrid.POINTS, pairs());
  }

  /** From {@code [point, filters, channels]}. */
  @Override
  public void writeWeightGradients(A sums, NativeReals<A> gradients) {
    ImageChunks.run(pairs(), (thread, part) -> transformGradients(sums, part));
    gradients.put(0, given, 0, shape.weightCount());
  }

  private void transformGradients(A sums, ImageChunk part) {
    WinogradFilters filters = new WinogradFilters();
    A line = reals.create(WinogradFilters.BLOCK);
    for (int pair = part.from(); pair < part.to(); pair += WinogradFilters.BLOCK) {
      int count = Math.min(WinogradFilters.BLOCK, part.to() - pair);
      for (int point = 0; point < WinogradGrid.POINTS; point++) {
        reals.gather(sums, point * pairs() + pair, 1, line, 0, count);
        reals.widen(line, filters.points[point], 0, count);
      }
      filters.gradients(givenValues, pair, count);
    }
    reals.narrow(givenValues, given, part.from() * TAPS, part.to() * TAPS);
  }

  @Override
  public void close() {
    weights.forEach(NativeReals::close);
    transformed.forEach(NativeReals::close);
  }
}
