package io.involution.layers.convolution.winograd;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
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
  private final int mostImages;
  private final NativeReals<A> products;
  private final WinogradPixels<A> pixels;
  private final WinogradOutputs<A> outputs;
  private NativeReals<A> pixelMemory;

  WinogradScratch(
      RealArrays<A> reals, ConvolutionShape shape, WinogradConvolution<A> path, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    this.mostImages = mostImages;
    products = reals.allocate(path.matricesLength(shape.filters, mostImages));
    WinogradTransform<A> transform =
        new WinogradTransform<>(reals, mostImages * path.grid().count());
    pixels = new WinogradPixels<>(reals, shape, path.grid(), transform, mostImages);
    outputs = new WinogradOutputs<>(reals, shape, path, transform, mostImages);
  }

  @Override
  public int mostImages() {
    return mostImages;
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, MicroBatch batch) {
    int tiles = batch.images() * path.grid().count();
    WinogradMatrices<A> transformed =
        winners == null ? pixelMatrices(tiles) : path.transformed(batch);
    pixels.load(input, batch.first(), batch.images(), transformed);
    WinogradMatrices<A> made = products(transformed.tiles());
    multiply(
        new ProductShape(shape.filters, made.tiles(), shape.channels),
        path::weights,
        transformed::matrix,
        made::matrix,
        false);
    outputs.begin(batch.images(), batch.first());
    outputs.write(made, winners);
    outputs.store(output);
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, MicroBatch batch) {
    WinogradMatrices<A> transformed = path.transformed(batch);
    WinogradMatrices<A> gradients = products(transformed.tiles());
    outputs.begin(batch.images(), batch.first());
    outputs.load(step.outputGradients());
    outputs.read(gradients, winners, step.biases() ? sums.biases : null);
    if (step.weights()) {
      addWeightGradients(gradients, transformed, sums, !batch.isFirst());
    }
    if (step.inputGradients() != null) {
      pixels.store(multiplyBack(gradients), step.inputGradients(), batch.first(), batch.images());
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
        path::transposedWeights,
        gradients::matrix,
        made::matrix,
        false);
    return made;
  }

  /** A place for pixels' gradients, or for transformed pixels that no backward pass needs. */
  private WinogradMatrices<A> pixelMatrices(int tiles) {
    if (pixelMemory == null) {
      pixelMemory = reals.allocate(path.matricesLength(shape.channels, mostImages));
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
