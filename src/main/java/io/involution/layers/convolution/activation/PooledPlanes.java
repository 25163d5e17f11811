package io.involution.layers.convolution.activation;

import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.activation.ActivationLoops.Places;

/**
 * Max-pools planes of products that lie one behind the other, several at a time, so that loops are
 * long. For one thread.
 */
public final class PooledPlanes<A> {
  private final ActivationLoops<A> loops;
  private final Windows<A> windows;
  private final int[] places;

  /**
   * Makes the lines.
   *
   * @param reals their element type
   * @param plane the planes
   * @param mostPlanes how many are pooled together at most
   */
  public PooledPlanes(RealArrays<A> reals, Plane plane, int mostPlanes) {
    loops = ActivationLoops.of(reals);
    places = new int[Math.multiplyExact(mostPlanes, plane.outputs())];
    for (int i = 0; i < places.length; i++) {
      int y = i % plane.outputs() / plane.columns();
      int x = i % plane.columns();
      places[i] = i / plane.outputs() * plane.length() + 2 * (y * plane.row() + x);
    }
    A[] lines = reals.lines(4, places.length);
    windows = new Windows<>(lines[0], lines[1], lines[2], lines[3]);
  }

  /** The line of outputs, or of their gradients, from 0 on. */
  public A line() {
    return windows.upperLeft();
  }

  /**
   * Pools the products from {@code at} on to {@link #line}.
   *
   * @param below elements from a row of products to the next
   * @param winners receives the marks; null where there is no backward pass
   */
  public void pool(A products, int at, int below, OutputLine line, byte[] winners) {
    loops.gather(products, new Places(places, at, below), windows, line.count());
    loops.pool(windows, line, winners);
  }

  /**
   * The backward pass of {@link #pool}, from the gradients in {@link #line}; those of outputs that
   * were cut off become zero, and products that did not win are left alone.
   */
  public void unpool(A products, int at, int below, OutputLine line, byte[] winners) {
    loops.scatter(line(), line, winners, products, new Places(places, at, below));
  }

  /** The sum of gradients in {@link #line}. */
  public double sum(int at, int count) {
    return loops.sum(line(), at, count);
  }

  /**
   * How the outputs lie in a plane of products.
   *
   * @param length elements from a plane to the next
   * @param row elements from a row of products to the next
   * @param rows of outputs
   * @param columns of outputs
   */
  public record Plane(int length, int row, int rows, int columns) {
    int outputs() {
      return rows * columns;
    }
  }
}
