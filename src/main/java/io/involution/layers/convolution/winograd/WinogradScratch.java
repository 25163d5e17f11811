package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionPath.Backward;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.ConvolutionSums;
import io.involution.layers.convolution.MicroBatch;
import java.util.function.IntFunction;

/** The scratch of {@link WinogradConvolution}. */
final class WinogradScratch<A> implements ConvolutionScratch<A> {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final WinogradConvolution<A> path;
  private final WinogradSizes<A> sizes;
  private final WinogradWeights<A> weights;
  private final NativeReals<A> products;
  private final WinogradPixels<A> pixels;
  private final WinogradOutputs<A> outputs;
  private final ImageChunk allChannels;
  private final ImageChunk allFilters;
  private NativeReals<A> pixelMemory;

  WinogradScratch(WinogradConvolution<A> path, WinogradSizes<A> sizes, WinogradWeights<A> weights) {
    this.path = path;
    this.sizes = sizes;
    this.weights = weights;
    reals = sizes.reals();
    shape = sizes.shape();
    products = reals.allocate(sizes.grid().length(shape.filters, sizes.mostImages()));
    WinogradTransform<A> transform = sizes.transform();
    pixels = new WinogradPixels<>(sizes, transform);
    outputs = new WinogradOutputs<>(sizes, weights, transform);
    allChannels = new ImageChunk(0, 0, shape.channels);
    allFilters = new ImageChunk(0, 0, shape.filters);
  }

  @Override
  public int mostImages() {
    return sizes.mostImages();
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, MicroBatch batch) {
    int tiles = batch.images() * sizes.grid().count();
    WinogradMatrices<A> transformed =
        winners == null ? pixelMatrices(tiles) : path.transformed(batch);
    pixels.load(input, batch, allChannels, transformed);
    WinogradMatrices<A> made = products(transformed.tiles());
    multiply(
        new ProductShape(shape.filters, made.tiles(), shape.channels),
        weights::matrix,
        transformed::matrix,
        made::matrix,
        false);
    outputs.begin(batch, allFilters);
    outputs.write(made, winners);
    outputs.store(output);
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, MicroBatch batch) {
    WinogradMatrices<A> transformed = path.transformed(batch);
    WinogradMatrices<A> gradients = products(transformed.tiles());
    outputs.begin(batch, allFilters);
    outputs.load(step.outputGradients());
    outputs.read(gradients, winners, step.biases() ? sums.biases : null);
    if (step.weights()) {
      addWeightGradients(gradients, transformed, sums, !batch.isFirst());
    }
    if (step.inputGradients() != null) {
      pixels.store(multiplyBack(gradients), step.inputGradients(), batch, allChannels);
    }
  }

  private WinogradMatrices<A> products(int tiles) {
    return new WinogradMatrices<>(products, 0, shape.filters, tiles);
  }

  private void addWeightGradients(
      WinogradMatrices<A> gradients,
      WinogradMatrices<A> transformed,
      ConvolutionSums.Chunk<A> sums,
      boolean add) {
    multiply(
        new ProductShape(shape.filters, shape.channels, gradients.tiles()),
        gradients::matrix,
        transformed::transposed,
        point -> {
          int at = point * shape.filters * shape.channels;
          return new Operand<>(sums.weights, at, shape.channels, false);
        },
        add);
  }

  /** The products of all points. */
  private void multiply(
      ProductShape product,
      IntFunction<Operand<A>> left,
      IntFunction<Operand<A>> right,
      IntFunction<Operand<A>> into,
      boolean add) {
    for (int point = 0; point < WinogradGrid.POINTS; point++) {
      reals.multiply(product, left.apply(point), right.apply(point), into.apply(point), add);
    }
  }

  private WinogradMatrices<A> multiplyBack(WinogradMatrices<A> gradients) {
    WinogradMatrices<A> made = pixelMatrices(gradients.tiles());
    multiply(
        new ProductShape(shape.channels, made.tiles(), shape.filters),
        weights::transposed,
        gradients::matrix,
        made::matrix,
        false);
    return made;
  }

  /** A place for pixels' gradients, or for transformed pixels that no backward pass needs. */
  private WinogradMatrices<A> pixelMatrices(int tiles) {
    if (pixelMemory == null) {
      pixelMemory = reals.allocate(sizes.grid().length(shape.channels, sizes.mostImages()));
    }
    return new WinogradMatrices<>(pixelMemory, 0, shape.channels, tiles);
  }

  @Override
  public void close() {
    products.close();
    if (pixelMemory != null) {
      pixelMemory.close();
    }
  }
}
