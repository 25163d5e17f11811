package io.involution.layers.convolution.winograd;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.winograd.WinogradLoops.Indexed;
import io.involution.layers.convolution.winograd.WinogradLoops.Outputs;
import io.involution.layers.convolution.winograd.WinogradLoops.Window;

/**
 * The outputs of a micro-batch, or their gradients: between the images {@code [images, filters,
 * finalHeight, finalWidth]} and lines of tiles, with bias, activation and pool in between.
 */
final class WinogradOutputs<A> {
  private final RealArrays<A> reals;
  private final WinogradLoops<A> loops;
  private final ConvolutionShape shape;
  private final WinogradConvolution<A> path;
  private final WinogradTransform<A> transform;

  /** Rows and columns of a tile's outputs after the pool. */
  private final int size;

  private final double floor;
  private final WinogradPlaces places;

  /** One filter's images, rounded up to whole tiles; gradients beyond the border stay zero. */
  private final A rounded;

  private final A array;
  private final A[] lines;
  private int images;
  private int first;

  WinogradOutputs(
      RealArrays<A> reals,
      ConvolutionShape shape,
      WinogradConvolution<A> path,
      WinogradTransform<A> transform,
      int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    this.transform = transform;
    loops = WinogradLoops.of(reals);
    size = WinogradGrid.OUTPUTS / (shape.pool ? 2 : 1);
    floor = shape.relu ? 0 : Double.NEGATIVE_INFINITY;
    places = new WinogradPlaces(mostImages, path.grid(), size, 0);
    rounded = reals.create(Math.multiplyExact(mostImages, places.imageLength()));
    array = reals.create(Math.multiplyExact(mostImages, shape.finalLength()));
    int line = WinogradTransform.length(mostImages * path.grid().count());
    lines = reals.lines(WinogradGrid.OUTPUTS * WinogradGrid.OUTPUTS, line);
  }

  /** Selects a micro-batch, starting at image {@code firstImage} of the minibatch. */
  void begin(int count, int firstImage) {
    images = count;
    first = firstImage;
  }

  /** Writes the micro-batch's outputs to those of the minibatch. */
  void store(NativeReals<A> output) {
    output.put(first * shape.finalLength(), array, 0, images * shape.finalLength());
  }

  /** Reads the micro-batch's output gradients from those of the minibatch. */
  void load(NativeReals<A> gradients) {
    gradients.get(first * shape.finalLength(), array, 0, images * shape.finalLength());
    reals.zero(rounded, 0, images * places.imageLength());
  }

  /** Computes outputs from products. */
  void write(WinogradMatrices<A> products, byte[] winners) {
    int tiles = products.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int filter = 0; filter < shape.filters; filter += block) {
      int count = Math.min(block, shape.filters - filter);
      products.get(transform.points, filter, count * tiles);
      transform.outputs(lines, count * tiles);
      for (int i = 0; i < count; i++) {
        activate(filter + i, i * tiles, winners);
        copy(filter + i, true);
      }
    }
  }

  private void activate(int filter, int at, byte[] winners) {
    int tiles = tiles();
    for (int output = 0; output < size * size; output++) {
      Outputs line = line(filter, output, at);
      if (shape.pool) {
        loops.activatePooled(window(output), line, winners, tiles);
      } else {
        loops.activate(lines[output], line, winners, tiles);
      }
      loops.scatter(lines[corner(output)], at, place(output), tiles);
    }
  }

  /** Computes the products' gradients from output gradients; adds up the biases' gradients. */
  void read(WinogradMatrices<A> productGradients, byte[] winners, double[] biasSums) {
    int tiles = productGradients.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int filter = 0; filter < shape.filters; filter += block) {
      int count = Math.min(block, shape.filters - filter);
      for (int i = 0; i < count; i++) {
        copy(filter + i, false);
        biasSums[filter + i] += deactivate(filter + i, i * tiles, winners);
      }
      transform.outputGradients(lines, count * tiles);
      productGradients.put(transform.points, filter, count * tiles);
    }
  }

  private double deactivate(int filter, int at, byte[] winners) {
    int tiles = tiles();
    double sum = 0;
    for (int output = 0; output < size * size; output++) {
      Outputs line = line(filter, output, at);
      loops.gather(place(output), lines[corner(output)], at, tiles);
      sum +=
          shape.pool
              ? loops.deactivatePooled(window(output), line, winners, tiles)
              : loops.deactivate(lines[output], line, winners, tiles);
    }
    return sum;
  }

  private int tiles() {
    return images * path.grid().count();
  }

  private Outputs line(int filter, int output, int at) {
    int winner =
        first * path.winnersPerImage() + (filter * path.outputsPerTile() + output) * tiles();
    return new Outputs(at, path.bias(filter), floor, winner);
  }

  /** The line with the output's upper left product. */
  private int corner(int output) {
    int step = shape.pool ? 2 : 1;
    return output / size * step * WinogradGrid.OUTPUTS + output % size * step;
  }

  private Window<A> window(int output) {
    int at = corner(output);
    int below = at + WinogradGrid.OUTPUTS;
    return new Window<>(lines[at], lines[at + 1], lines[below], lines[below + 1]);
  }

  private Indexed<A> place(int output) {
    return new Indexed<>(rounded, places, output / size * places.width + output % size);
  }

  /** Copies one filter's images out of or into whole tiles. */
  private void copy(int filter, boolean out) {
    int width = shape.finalWidth;
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < shape.finalHeight; y++) {
        int at = ((n * shape.filters + filter) * shape.finalHeight + y) * width;
        int tileAt = (n * places.height + y) * places.width;
        if (out) {
          reals.gather(rounded, tileAt, 1, array, at, width);
        } else {
          reals.gather(array, at, 1, rounded, tileAt, width);
        }
      }
    }
  }
}
