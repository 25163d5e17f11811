package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionPath;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * {@link WinogradConvolution} where the transforms of the filters alone exceed the L2 cache. A
 * product packs a point's filters whatever the number of its tiles, and writes a weight gradient as
 * large; so the tiles of as many images as possible share it, and threads do not have images of
 * their own: they take channels, then points, then filters. There is one sum of weight gradients.
 */
public final class DeepWinogradConvolution<A> implements ConvolutionPath<A> {
  /** More pairs of a filter and a channel than these are deep. */
  private static final int DEEP_PAIRS = 64 * 64;

  /** Tiles that share a product: with more, what they are made of leaves the caches. */
  private static final int MICRO_BATCH_TILES = 256;

  /** Parts of the 36 points: equal ones for 1, 2, 3, 4, 6 and 12 threads. */
  private static final int POINT_PARTS = 12;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final WinogradGrid grid;
  private final WinogradWeights<A> weights;
  private final Scratch<A>[] scratch;
  private final double[] biasSums;

  /** The transformed images of a minibatch, kept from forward to backward. */
  private NativeReals<A> kept;

  private int keptImages;

  /** The products of a micro-batch, or their gradients. */
  private NativeReals<A> products;

  /** A micro-batch's gradients of pixels, or transformed pixels that no backward pass needs. */
  private NativeReals<A> pixels;

  private int mostImages;

  /** Gradients {@code [point, filters, channels]}; null before the first. */
  private NativeReals<A> weightSums;

  /** The path for a shape that {@link #suits}. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  public DeepWinogradConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    grid = new WinogradGrid(shape);
    weights = new WinogradWeights<>(reals, shape);
    biasSums = new double[shape.filters];
    scratch = new Scratch[ImageChunks.MOST];
    kept = reals.allocate(0);
    products = reals.allocate(0);
    pixels = reals.allocate(0);
  }

  /** Whether the path supports a shape and is faster for it. */
  public static boolean suits(ConvolutionShape shape) {
    return WinogradGrid.suits(shape) && isDeep(shape);
  }

  /** Elements of an image's transform; training keeps those of a whole minibatch in one array. */
  public static long keptLength(ConvolutionShape shape) {
    return new WinogradGrid(shape).length(shape.channels, 1);
  }

  static boolean isDeep(ConvolutionShape shape) {
    return (long) shape.filters * shape.channels > DEEP_PAIRS;
  }

  @Override
  public void load(NativeReals<A> parameterWeights, NativeReals<A> parameterBiases) {
    weights.load(parameterWeights, parameterBiases);
  }

  @Override
  public void forward(NativeReals<A> input, NativeReals<A> output, byte[] winners, int images) {
    boolean training = winners != null;
    prepare(images, training);
    for (MicroBatch batch : batches(images)) {
      WinogradMatrices<A> transformed = training ? kept(batch) : pixels(batch);
      WinogradMatrices<A> made = products(batch);
      ImageChunks.run(
          shape.channels,
          (thread, part) -> scratch(thread).pixels.load(input, batch, part, transformed));
      ProductShape product = new ProductShape(shape.filters, made.tiles(), shape.channels);
      forEachPoint(
          point ->
              reals.multiply(
                  product,
                  weights.matrix(point),
                  transformed.shared().matrix(point),
                  made.shared().matrix(point),
                  false));
      ImageChunks.run(
          shape.filters,
          (thread, part) -> {
            WinogradOutputs<A> outputs = scratch(thread).outputs;
            outputs.begin(batch, part);
            outputs.write(made, winners);
            outputs.store(output);
          });
    }
  }

  @Override
  public void backward(Backward<A> step, byte[] winners, int images) {
    Arrays.fill(biasSums, 0);
    for (MicroBatch batch : batches(images)) {
      WinogradMatrices<A> gradients = products(batch);
      WinogradMatrices<A> pixelGradients = pixels(batch);
      ImageChunks.run(
          shape.filters,
          (thread, part) -> {
            WinogradOutputs<A> outputs = scratch(thread).outputs;
            outputs.begin(batch, part);
            outputs.load(step.outputGradients());
            outputs.read(gradients, winners, step.biases() ? biasSums : null);
          });
      forEachPoint(
          point -> {
            Operand<A> gradient = gradients.shared().matrix(point);
            if (step.weights()) {
              addWeightGradient(point, gradient, batch);
            }
            if (step.inputGradients() != null) {
              reals.multiply(
                  new ProductShape(shape.channels, gradients.tiles(), shape.filters),
                  weights.transposed(point),
                  gradient,
                  pixelGradients.shared().matrix(point),
                  false);
            }
          });
      if (step.inputGradients() != null) {
        ImageChunks.run(
            shape.channels,
            (thread, part) ->
                scratch(thread).pixels.store(pixelGradients, step.inputGradients(), batch, part));
      }
    }
  }

  private void addWeightGradient(int point, Operand<A> gradient, MicroBatch batch) {
    WinogradMatrices<A> transformed = kept(batch);
    reals.multiply(
        new ProductShape(shape.filters, shape.channels, transformed.tiles()),
        gradient,
        transformed.shared().transposed(point),
        new Operand<>(weightSums.shared(), point * weights.pairs(), shape.channels, false),
        !batch.isFirst());
  }

  @Override
  public void writeWeightGradients(NativeReals<A> gradients) {
    weights.writeGradients((at, line, count) -> weightSums.get(at, line, 0, count), gradients);
  }

  @Override
  public void writeBiasGradients(NativeReals<A> gradients) {
    weights.writeBiasGradients(biasSums, gradients);
  }

  /** Runs the work once for every point, on all threads. */
  private static void forEachPoint(IntConsumer work) {
    ImageChunks.run(
        WinogradGrid.POINTS,
        POINT_PARTS,
        (thread, part) -> {
          for (int point = part.from(); point < part.to(); point++) {
            work.accept(point);
          }
        });
  }

  /** Makes memory for a minibatch, where there is too little. */
  private void prepare(int images, boolean training) {
    if (training && keptImages < images) {
      kept.close();
      kept = reals.allocate(grid.length(shape.channels, images));
      keptImages = images;
    }
    int most = largestMicroBatch(images);
    if (mostImages < most) {
      products.close();
      products = reals.allocate(grid.length(shape.filters, most));
      pixels.close();
      pixels = reals.allocate(grid.length(shape.channels, most));
      Arrays.fill(scratch, null);
      mostImages = most;
    }
    if (training && weightSums == null) {
      weightSums = reals.allocate(weights.length());
    }
  }

  private int largestMicroBatch(int images) {
    int most = Math.max(1, MICRO_BATCH_TILES / grid.count());
    int batches = (images + most - 1) / most;
    return (images + batches - 1) / batches;
  }

  /** The micro-batches, and so the bits, depend only on the sizes. */
  private List<MicroBatch> batches(int images) {
    return MicroBatch.of(new ImageChunk(0, 0, images), largestMicroBatch(images));
  }

  /** The scratch memory of a running thread, created at its first use; only that thread uses it. */
  private Scratch<A> scratch(int thread) {
    if (scratch[thread] == null) {
      int lines = (Math.max(shape.channels, shape.filters) - 1) / ImageChunks.MOST + 1;
      WinogradSizes<A> sizes = new WinogradSizes<>(reals, shape, grid, mostImages, lines);
      WinogradTransform<A> transform = sizes.transform();
      scratch[thread] =
          new Scratch<>(
              new WinogradPixels<>(sizes, transform),
              new WinogradOutputs<>(sizes, weights, transform));
    }
    return scratch[thread];
  }

  private WinogradMatrices<A> kept(MicroBatch batch) {
    return matrices(kept, grid.length(shape.channels, batch.first()), shape.channels, batch);
  }

  private WinogradMatrices<A> pixels(MicroBatch batch) {
    return matrices(pixels, 0, shape.channels, batch);
  }

  private WinogradMatrices<A> products(MicroBatch batch) {
    return matrices(products, 0, shape.filters, batch);
  }

  private WinogradMatrices<A> matrices(NativeReals<A> memory, int at, int rows, MicroBatch batch) {
    return new WinogradMatrices<>(memory, at, rows, batch.images() * grid.count());
  }

  @Override
  public int winners(int images) {
    return WinogradOutputs.winners(shape, grid, images);
  }

  @Override
  public long nativeLength(int images) {
    int both = shape.channels + shape.filters;
    // The filters' transforms, and their gradients' sums.
    return 2L * weights.length()
        + (long) images * grid.length(shape.channels, 1)
        + (long) largestMicroBatch(images) * grid.length(both, 1);
  }

  @Override
  public void close() {
    weights.close();
    kept.close();
    products.close();
    pixels.close();
    if (weightSums != null) {
      weightSums.close();
    }
  }

  /** Java arrays of a thread. */
  private record Scratch<A>(WinogradPixels<A> pixels, WinogradOutputs<A> outputs) {}
}
