package io.involution.layers.convolution.rows;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionPath.Backward;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.ConvolutionSums;
import io.involution.layers.convolution.MicroBatch;
import io.involution.layers.convolution.activation.ActivationLoops;
import io.involution.layers.convolution.activation.OutputLine;
import io.involution.layers.convolution.activation.PooledPlanes;

/** The scratch of {@link RowConvolution}. */
final class RowScratch<A> implements ConvolutionScratch<A> {
  private final RealArrays<A> reals;
  private final ActivationLoops<A> loops;
  private final ConvolutionShape shape;
  private final RowWeights<A> weights;
  private final int mostImages;
  private final RowPatches<A> patches;

  /** Only with a pool: a plane is an image's pair of rows. */
  private final PooledPlanes<A> pooled;

  private final NativeReals<A> products;
  private final A productArray;
  private final A inputArray;
  private final A outputArray;
  private RowPatches<A> patchGradients;

  RowScratch(RealArrays<A> reals, ConvolutionShape shape, RowWeights<A> weights, int mostImages) {
    this.reals = reals;
    loops = ActivationLoops.of(reals);
    this.shape = shape;
    this.weights = weights;
    this.mostImages = mostImages;
    patches = new RowPatches<>(reals, shape, mostImages);
    PooledPlanes.Plane plane = new PooledPlanes.Plane(shape.outWidth, 0, 1, shape.finalWidth);
    pooled = shape.pool ? new PooledPlanes<>(reals, plane, mostImages) : null;
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
      OutputLine line = line(filter, y, images, first);
      if (shape.pool) {
        pooled.pool(productArray, filter * patches.lineLength(), rowLength(), line, winners);
      } else {
        loops.activate(productArray, line, winners);
      }
      for (int n = 0; n < images; n++) {
        reals.gather(lines(), line.at() + n * width(), 1, outputArray, at(n, filter, y), width());
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
    boolean wanted = step.weights() || step.inputGradients() != null;
    if (step.weights()) {
      load(step.input(), first, images);
    } else {
      patches.arrange(images);
    }
    int length = shape.finalLength();
    step.outputGradients().get(first * length, outputArray, 0, images * length);
    if (step.inputGradients() != null) {
      patchGradients().clear(images);
    }
    for (int y = 0; y < shape.finalHeight; y++) {
      spread(y, batch, winners, step.biases() ? sums.biases : null);
      if (wanted) {
        backwardRow(y, step, sums);
      }
    }
    if (step.inputGradients() != null) {
      patchGradients().fold(inputArray);
      int inputLength = shape.imageLength();
      step.inputGradients().put(first * inputLength, inputArray, 0, images * inputLength);
    }
  }

  /** Puts a row of output gradients where they belong in the one or two rows of products. */
  private void spread(int y, MicroBatch batch, byte[] winners, double[] biasSums) {
    int images = batch.images();
    if (shape.pool) {
      reals.zero(productArray, 0, 2 * rowLength());
    }
    for (int filter = 0; filter < shape.filters; filter++) {
      OutputLine line = line(filter, y, images, batch.first());
      for (int n = 0; n < images; n++) {
        reals.gather(outputArray, at(n, filter, y), 1, lines(), line.at() + n * width(), width());
      }
      if (shape.pool) {
        pooled.unpool(productArray, filter * patches.lineLength(), rowLength(), line, winners);
      } else {
        loops.deactivate(productArray, line, winners);
      }
      for (int n = 0; biasSums != null && n < images; n++) {
        biasSums[filter] += loops.sum(lines(), line.at() + n * width(), width());
      }
    }
  }

  private void backwardRow(int y, Backward<A> step, ConvolutionSums.Chunk<A> sums) {
    int rows = shape.pool ? 2 : 1;
    products.put(0, productArray, 0, rows * rowLength());
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

  /** A row of one filter's outputs, of all images. */
  private OutputLine line(int filter, int y, int images, int first) {
    int count = images * width();
    int winner = first * shape.finalLength() + (y * shape.filters + filter) * count;
    int at = shape.pool ? 0 : filter * patches.lineLength();
    return new OutputLine(at, count, weights.bias(filter), shape.floor(), winner);
  }

  /** What lines of outputs are in. */
  private A lines() {
    return shape.pool ? pooled.line() : productArray;
  }

  private int width() {
    return shape.finalWidth;
  }

  private int at(int image, int filter, int y) {
    return ((image * shape.filters + filter) * shape.finalHeight + y) * shape.finalWidth;
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
