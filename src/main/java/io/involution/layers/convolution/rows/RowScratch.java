package io.involution.layers.convolution.rows;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.ConvolutionSums;
import io.involution.layers.convolution.MicroBatch;

/** The scratch of {@link RowConvolution}. */
final class RowScratch<A> implements ConvolutionScratch<A> {
  private final RealArrays<A> reals;
  private final RowLoops<A> loops;
  private final ConvolutionShape shape;
  private final RowWeights<A> weights;
  private final int mostImages;
  private final OutputRow row;
  private final RowPatches<A> patches;
  private final NativeReals<A> products;
  private final A productArray;
  private final A inputArray;
  private final A outputArray;
  private RowPatches<A> patchGradients;

  RowScratch(RealArrays<A> reals, ConvolutionShape shape, RowWeights<A> weights, int mostImages) {
    this.reals = reals;
    loops = RowLoops.of(reals);
    this.shape = shape;
    this.weights = weights;
    this.mostImages = mostImages;
    row = new OutputRow(shape);
    patches = new RowPatches<>(reals, shape, mostImages);
    int pair = 2 * shape.filters * mostImages * shape.outWidth;
    products = reals.allocate(pair);
    productArray = reals.create(pair);
    inputArray = reals.create(Math.multiplyExact(mostImages, shape.imageLength()));
    outputArray = reals.create(Math.multiplyExact(mostImages, shape.finalLength()));
  }

  @Override
  public int mostImages() {
    return mostImages;
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, MicroBatch batch) {
    load(input, batch.first(), batch.images());
    for (int y = 0; y < shape.finalHeight; y++) {
      forwardRow(y, batch.images(), batch.first(), winners);
    }
    int length = shape.finalLength();
    output.put(batch.first() * length, outputArray, 0, batch.images() * length);
  }

  private void load(NativeReals<A> input, int first, int images) {
    int length = shape.imageLength();
    input.get(first * length, inputArray, 0, images * length);
    patches.load(inputArray, images);
  }

  private void forwardRow(int y, int images, int first, byte[] winners) {
    int rows = shape.pool ? 2 : 1;
    for (int i = 0; i < rows; i++) {
      reals.multiply(
          new ProductShape(shape.filters, patches.lineLength(), shape.patchLength()),
          weights.matrix(),
          patches.patches(rows * y + i),
          products(i),
          false);
    }
    products.get(0, productArray, 0, rows * rowLength());
    for (int filter = 0; filter < shape.filters; filter++) {
      row.bias = weights.bias(filter);
      for (int n = 0; n < images; n++) {
        aim(filter, n, y, first);
        loops.activate(productArray, row, outputArray, winners);
      }
    }
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, MicroBatch batch) {
    if (batch.isFirst() && step.weights()) {
      sums.weights.zero(shape.weightCount());
    }
    int first = batch.first();
    int images = batch.images();
    load(step.input(), first, images);
    int length = shape.finalLength();
    step.outputGradients().get(first * length, outputArray, 0, images * length);
    if (step.inputGradients() != null) {
      patchGradients().clear(images);
    }
    for (int y = 0; y < shape.finalHeight; y++) {
      spread(y, images, first, winners, sums.biases);
      backwardRow(y, step, sums);
    }
    if (step.inputGradients() != null) {
      patchGradients().fold(inputArray);
      int inputLength = shape.imageLength();
      step.inputGradients().put(first * inputLength, inputArray, 0, images * inputLength);
    }
  }

  /** Puts a row of output gradients where they belong in the one or two rows of products. */
  private void spread(int y, int images, int first, byte[] winners, double[] biasSums) {
    int length = (shape.pool ? 2 : 1) * rowLength();
    if (shape.pool) {
      reals.zero(productArray, 0, length);
    }
    for (int filter = 0; filter < shape.filters; filter++) {
      for (int n = 0; n < images; n++) {
        aim(filter, n, y, first);
        biasSums[filter] += loops.deactivate(outputArray, row, productArray, winners);
      }
    }
    products.put(0, productArray, 0, length);
  }

  private void backwardRow(int y, Backward<A> step, ConvolutionSums.Chunk<A> sums) {
    int rows = shape.pool ? 2 : 1;
    int patch = shape.patchLength();
    int line = patches.lineLength();
    Operand<A> weightSums = new Operand<>(sums.weights, 0, shape.filters, false);
    for (int i = 0; i < rows; i++) {
      Operand<A> gradients = products(i);
      if (step.weights()) {
        reals.multiply(
            new ProductShape(patch, shape.filters, line),
            patches.patches(rows * y + i),
            new Operand<>(products, gradients.at(), line, true),
            weightSums,
            true);
      }
      if (step.inputGradients() != null) {
        reals.multiply(
            new ProductShape(patch, line, shape.filters),
            weights.transposed(),
            gradients,
            patchGradients().patches(rows * y + i),
            true);
      }
    }
  }

  private void aim(int filter, int n, int y, int first) {
    row.top = filter * patches.lineLength() + n * shape.outWidth;
    row.bottom = row.top + rowLength();
    row.output = ((n * shape.filters + filter) * shape.finalHeight + y) * shape.finalWidth;
    row.winner = first * shape.finalLength() + row.output;
  }

  private Operand<A> products(int which) {
    return new Operand<>(products, which * rowLength(), patches.lineLength(), false);
  }

  private int rowLength() {
    return shape.filters * patches.lineLength();
  }

  private RowPatches<A> patchGradients() {
    if (patchGradients == null) {
      patchGradients = new RowPatches<>(reals, shape, mostImages);
    }
    return patchGradients;
  }

  @Override
  public void close() {
    patches.close();
    products.close();
    if (patchGradients != null) {
      patchGradients.close();
    }
  }
}
