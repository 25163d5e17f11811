package io.involution.layers.convolution.pointwise;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import io.involution.layers.convolution.activation.OutputLine;
import io.involution.layers.convolution.activation.PooledPlanes;

/**
 * The products of a micro-batch, {@code [filters, images * pixels]}, before they are pooled to
 * outputs {@code [images, filters, finalHeight, finalWidth]}. For one thread.
 */
final class PooledProducts<A> implements AutoCloseable {
  /** About how many outputs are pooled together. */
  private static final int LINE = 512;

  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final PooledPlanes<A> pooled;

  /** Outputs of a plane. */
  private final int count;

  private final NativeReals<A> memory;
  private final A products;
  private final A outputs;
  private final int pixels;

  PooledProducts(RealArrays<A> reals, ConvolutionShape shape, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    pixels = shape.outHeight * shape.outWidth;
    count = shape.finalHeight * shape.finalWidth;
    PooledPlanes.Plane plane =
        new PooledPlanes.Plane(pixels, shape.outWidth, shape.finalHeight, shape.finalWidth);
    pooled = new PooledPlanes<>(reals, plane, Math.max(mostImages, LINE / count));
    int length = Math.multiplyExact(shape.filters * pixels, mostImages);
    memory = reals.allocate(length);
    products = reals.create(length);
    outputs = reals.create(Math.multiplyExact(shape.finalLength(), mostImages));
  }

  /** Where the products must be written before {@link #store}. */
  Operand<A> place(MicroBatch batch) {
    return new Operand<>(memory, 0, batch.images() * pixels, false);
  }

  /** Adds biases, if there are any, to the products, and pools them. */
  void store(NativeReals<A> all, double[] biases, byte[] winners, MicroBatch batch) {
    memory.get(0, products, 0, batch.images() * shape.filters * pixels);
    int block = filtersTogether(biases, batch);
    for (int filter = 0; filter < shape.filters; filter += block) {
      int filters = Math.min(block, shape.filters - filter);
      OutputLine line = line(filter, filters, biases == null ? 0 : biases[filter], batch);
      int at = filter * batch.images() * pixels;
      pooled.pool(products, at, shape.outWidth, line, winners);
      for (int plane = 0; plane < filters * batch.images(); plane++) {
        int to = outputAt(filter, plane, batch);
        reals.gather(pooled.line(), plane * count, 1, outputs, to, count);
      }
    }
    int length = batch.images() * shape.finalLength();
    all.put(batch.first() * shape.finalLength(), outputs, 0, length);
  }

  /**
   * The products' gradients; adds up those of the biases, unless there is nothing to add them to.
   */
  Operand<A> gradients(NativeReals<A> all, byte[] winners, double[] biasSums, MicroBatch batch) {
    int length = batch.images() * shape.filters * pixels;
    all.get(batch.first() * shape.finalLength(), outputs, 0, batch.images() * shape.finalLength());
    reals.zero(products, 0, length);
    int block = filtersTogether(biasSums, batch);
    for (int filter = 0; filter < shape.filters; filter += block) {
      int filters = Math.min(block, shape.filters - filter);
      OutputLine line = line(filter, filters, 0, batch);
      for (int plane = 0; plane < filters * batch.images(); plane++) {
        int from = outputAt(filter, plane, batch);
        reals.gather(outputs, from, 1, pooled.line(), plane * count, count);
      }
      int at = filter * batch.images() * pixels;
      pooled.unpool(products, at, shape.outWidth, line, winners);
      if (biasSums != null) {
        biasSums[filter] = addRows(biasSums[filter], line.count());
      }
    }
    memory.put(0, products, 0, length);
    return place(batch);
  }

  private double addRows(double sum, int length) {
    double all = sum;
    for (int row = 0; row < length; row += shape.finalWidth) {
      all += pooled.sum(row, shape.finalWidth);
    }
    return all;
  }

  /** Filters that share a line: one, where each has a bias. */
  private int filtersTogether(double[] biases, MicroBatch batch) {
    return biases == null ? Math.max(1, LINE / (count * batch.images())) : 1;
  }

  private OutputLine line(int filter, int filters, double bias, MicroBatch batch) {
    int length = batch.images() * count;
    int winner = batch.first() * shape.finalLength() + filter * length;
    return new OutputLine(0, filters * length, bias, shape.floor(), winner);
  }

  /** The outputs of a plane of a line that starts with a filter. */
  private int outputAt(int filter, int plane, MicroBatch batch) {
    int image = plane % batch.images();
    return (image * shape.filters + filter + plane / batch.images()) * count;
  }

  @Override
  public void close() {
    memory.close();
  }
}
