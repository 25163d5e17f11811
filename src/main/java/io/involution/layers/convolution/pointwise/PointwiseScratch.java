package io.involution.layers.convolution.pointwise;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionPath.Backward;
import io.involution.layers.convolution.ConvolutionScratch;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.ConvolutionSums;
import io.involution.layers.convolution.MicroBatch;

/** The scratch of {@link PointwiseConvolution}. */
final class PointwiseScratch<A> implements ConvolutionScratch<A> {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final PointwiseConvolution<A> path;
  private final int mostImages;
  private final int pixels;
  private final ImageMatrix<A> inputs;
  private final ImageMatrix<A> outputs;

  /** Only with a pool. */
  private final PooledProducts<A> pooled;

  PointwiseScratch(
      RealArrays<A> reals, ConvolutionShape shape, PointwiseConvolution<A> path, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    this.mostImages = mostImages;
    pixels = shape.height * shape.width;
    inputs = new ImageMatrix<>(reals, shape.channels, pixels, mostImages);
    outputs = new ImageMatrix<>(reals, shape.filters, pixels, mostImages);
    pooled = shape.pool ? new PooledProducts<>(reals, shape, mostImages) : null;
  }

  @Override
  public int mostImages() {
    return mostImages;
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, MicroBatch batch) {
    double[] biases = path.biases();
    Operand<A> into = shape.pool ? pooled.place(batch) : outputs.place(output, batch);
    boolean add = !shape.pool && biases != null;
    if (add) {
      outputs.fill(into, biases, batch);
    }
    reals.multiply(
        new ProductShape(shape.filters, batch.images() * pixels, shape.channels),
        path.weights(),
        inputs.of(input, batch),
        into,
        add);
    if (shape.pool) {
      pooled.store(output, biases, winners, batch);
    } else {
      outputs.store(output, batch);
    }
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, MicroBatch batch) {
    int columns = batch.images() * pixels;
    double[] biasSums = step.biases() ? sums.biases : null;
    if (biasSums != null && !shape.pool) {
      outputs.addSums(step.outputGradients(), biasSums, batch);
    }
    Operand<A> gradients =
        shape.pool
            ? pooled.gradients(step.outputGradients(), winners, biasSums, batch)
            : outputs.of(step.outputGradients(), batch);
    if (step.weights()) {
      reals.multiply(
          new ProductShape(shape.filters, shape.channels, columns),
          gradients,
          inputs.of(step.input(), batch).flipped(),
          new Operand<>(sums.weights, 0, shape.channels, false),
          !batch.isFirst());
    }
    if (step.inputGradients() != null) {
      reals.multiply(
          new ProductShape(shape.channels, columns, shape.filters),
          path.weights().flipped(),
          gradients,
          inputs.place(step.inputGradients(), batch),
          false);
      inputs.store(step.inputGradients(), batch);
    }
  }

  @Override
  public void close() {
    inputs.close();
    outputs.close();
    if (shape.pool) {
      pooled.close();
    }
  }
}
