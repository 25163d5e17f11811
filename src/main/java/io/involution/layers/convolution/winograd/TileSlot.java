package io.involution.layers.convolution.winograd;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.ConvolutionSlot;
import io.involution.layers.convolution.ConvolutionSums;

/** The slot of {@link TileConvolution}. */
final class TileSlot<A> implements ConvolutionSlot<A> {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final TileConvolution<A> path;
  private final int mostImages;
  private final NativeReals<A> products;
  private final TilePixels<A> pixels;
  private final TileOutputs<A> outputs;
  private NativeReals<A> pixelGradients;

  TileSlot(RealArrays<A> reals, ConvolutionShape shape, TileConvolution<A> path, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    this.mostImages = mostImages;
    products = reals.allocate(path.matricesLength(shape.filters, mostImages));
    TileTransform<A> transform = new TileTransform<>(reals, mostImages * path.grid().count());
    pixels = new TilePixels<>(reals, shape, path.grid(), transform, mostImages);
    outputs = new TileOutputs<>(reals, shape, path, transform, mostImages);
  }

  @Override
  public int mostImages() {
    return mostImages;
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, ImageGroup group) {
    TileMatrices<A> transformed = path.transformed(group);
    pixels.load(input, group.first(), group.images(), transformed);
    TileMatrices<A> made = products(transformed.tiles());
    for (int point = 0; point < TileGrid.POINTS; point++) {
      reals.multiply(
          new ProductShape(shape.filters, made.tiles(), shape.channels),
          path.weights(point),
          transformed.matrix(point),
          made.matrix(point),
          false);
    }
    outputs.begin(group.images(), group.first());
    outputs.write(made, winners);
    outputs.store(output);
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, ImageGroup group) {
    TileMatrices<A> transformed = path.transformed(group);
    TileMatrices<A> gradients = products(transformed.tiles());
    outputs.begin(group.images(), group.first());
    outputs.load(step.outputGradients());
    outputs.read(gradients, winners, sums.biases);
    addWeightGradients(gradients, transformed, sums, !group.isFirst());
    if (step.inputGradients() != null) {
      pixels.store(multiplyBack(gradients), step.inputGradients(), group.first(), group.images());
    }
  }

  private TileMatrices<A> products(int tiles) {
    return new TileMatrices<>(products, 0, shape.filters, tiles);
  }

  private void addWeightGradients(
      TileMatrices<A> gradients,
      TileMatrices<A> transformed,
      ConvolutionSums.Chunk<A> sums,
      boolean add) {
    for (int point = 0; point < TileGrid.POINTS; point++) {
      int at = point * shape.filters * shape.channels;
      reals.multiply(
          new ProductShape(shape.filters, shape.channels, gradients.tiles()),
          gradients.matrix(point),
          transformed.transposed(point),
          new Operand<>(sums.weights, at, shape.channels, false),
          add);
    }
  }

  private TileMatrices<A> multiplyBack(TileMatrices<A> gradients) {
    if (pixelGradients == null) {
      pixelGradients = reals.allocate(path.matricesLength(shape.channels, mostImages));
    }
    TileMatrices<A> made = new TileMatrices<>(pixelGradients, 0, shape.channels, gradients.tiles());
    for (int point = 0; point < TileGrid.POINTS; point++) {
      reals.multiply(
          new ProductShape(shape.channels, made.tiles(), shape.filters),
          path.transposedWeights(point),
          gradients.matrix(point),
          made.matrix(point),
          false);
    }
    return made;
  }

  @Override
  public void close() {
    products.close();
    if (pixelGradients != null) {
      pixelGradients.close();
    }
  }
}
