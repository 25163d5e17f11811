package io.involution.layers.convolution.pointwise;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import io.involution.layers.convolution.rows.OutputRow;
import io.involution.layers.convolution.rows.RowLoops;
import java.util.function.IntConsumer;

/**
 * The products of a micro-batch, {@code [filters, images * pixels]}, before they are pooled to
 * outputs {@code [images, filters, finalHeight, finalWidth]}. For one thread.
 */
final class PooledProducts<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final RowLoops<A> loops;
  private final ConvolutionShape shape;
  private final OutputRow row;
  private final NativeReals<A> memory;
  private final A products;
  private final A outputs;
  private final int pixels;

  PooledProducts(RealArrays<A> reals, ConvolutionShape shape, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    loops = RowLoops.of(reals);
    row = new OutputRow(shape);
    pixels = shape.outHeight * shape.outWidth;
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
    int length = batch.images() * shape.finalLength();
    memory.get(0, products, 0, batch.images() * shape.filters * pixels);
    forEachRow(
        batch,
        filter -> {
          row.bias = biases == null ? 0 : biases[filter];
          loops.activate(products, row, outputs, winners);
        });
    all.put(batch.first() * shape.finalLength(), outputs, 0, length);
  }

  /** The products' gradients; adds up those of the biases. */
  Operand<A> gradients(NativeReals<A> all, byte[] winners, double[] biasSums, MicroBatch batch) {
    int length = batch.images() * shape.filters * pixels;
    all.get(batch.first() * shape.finalLength(), outputs, 0, batch.images() * shape.finalLength());
    reals.zero(products, 0, length);
    forEachRow(
        batch, filter -> biasSums[filter] += loops.deactivate(outputs, row, products, winners));
    memory.put(0, products, 0, length);
    return place(batch);
  }

  private void forEachRow(MicroBatch batch, IntConsumer work) {
    for (int filter = 0; filter < shape.filters; filter++) {
      for (int n = 0; n < batch.images(); n++) {
        for (int y = 0; y < shape.finalHeight; y++) {
          row.top = (filter * batch.images() + n) * pixels + 2 * y * shape.outWidth;
          row.bottom = row.top + shape.outWidth;
          row.output = ((n * shape.filters + filter) * shape.finalHeight + y) * shape.finalWidth;
          row.winner = batch.first() * shape.finalLength() + row.output;
          work.accept(filter);
        }
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
