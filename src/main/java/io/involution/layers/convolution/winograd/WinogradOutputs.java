package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
import io.involution.layers.convolution.activation.ActivationLoops;
import io.involution.layers.convolution.activation.OutputLine;
import io.involution.layers.convolution.activation.Windows;
import io.involution.layers.convolution.winograd.WinogradLoops.Indexed;

/**
 * The outputs of a micro-batch, or their gradients: between the images {@code [images, filters,
 * finalHeight, finalWidth]} and lines of tiles, with bias, activation and pool in between.
 */
final class WinogradOutputs<A> {
  private final RealArrays<A> reals;
  private final WinogradLoops<A> loops;
  private final ActivationLoops<A> activations;
  private final ConvolutionShape shape;
  private final WinogradGrid grid;
  private final WinogradWeights<A> weights;
  private final WinogradTransform<A> transform;

  /** Rows and columns of a tile's outputs after the pool. */
  private final int size;

  private final WinogradPlaces places;

  /** One filter's images, rounded up to whole tiles; gradients beyond the border stay zero. */
  private final A rounded;

  /** Filters of the micro-batch's images: {@code [images, filters, finalHeight, finalWidth]}. */
  private final A array;

  private final A[] lines;
  private MicroBatch batch;
  private ImageChunk part;

  WinogradOutputs(
      WinogradSizes<A> sizes, WinogradWeights<A> weights, WinogradTransform<A> transform) {
    reals = sizes.reals();
    shape = sizes.shape();
    grid = sizes.grid();
    this.weights = weights;
    this.transform = transform;
    loops = WinogradLoops.of(reals);
    activations = ActivationLoops.of(reals);
    size = side(shape);
    places = new WinogradPlaces(sizes.mostImages(), grid, size, 0);
    rounded = reals.create(Math.multiplyExact(sizes.mostImages(), places.imageLength()));
    int planes = Math.multiplyExact(sizes.mostImages(), sizes.mostLines());
    array = reals.create(Math.multiplyExact(planes, shape.finalHeight * shape.finalWidth));
    int line = WinogradTransform.length(sizes.mostImages() * grid.count());
    lines = reals.lines(WinogradGrid.OUTPUTS * WinogradGrid.OUTPUTS, line);
  }

  private static int side(ConvolutionShape shape) {
    return WinogradGrid.OUTPUTS / (shape.pool ? 2 : 1);
  }

  /** Marks of whole tiles, those beyond an image's border included. */
  static int winners(ConvolutionShape shape, WinogradGrid grid, int images) {
    int perTile = side(shape) * side(shape);
    return Math.multiplyExact(images, shape.filters * grid.count() * perTile);
  }

  /** Selects images of the minibatch and some of their filters. */
  void begin(MicroBatch images, ImageChunk filters) {
    batch = images;
    part = filters;
  }

  /** Writes the outputs to those of the minibatch. */
  void store(NativeReals<A> output) {
    int length = part.images() * shape.finalHeight * shape.finalWidth;
    for (int n = 0; n < batch.images(); n++) {
      output.put(first(n), array, n * length, length);
    }
  }

  /** Reads the output gradients from those of the minibatch. */
  void load(NativeReals<A> gradients) {
    int length = part.images() * shape.finalHeight * shape.finalWidth;
    for (int n = 0; n < batch.images(); n++) {
      gradients.get(first(n), array, n * length, length);
    }
    reals.zero(rounded, 0, batch.images() * places.imageLength());
  }

  /** Where the filters of an image begin in the minibatch. */
  private int first(int image) {
    int plane = (batch.first() + image) * shape.filters + part.from();
    return plane * shape.finalHeight * shape.finalWidth;
  }

  /** Computes outputs from products. */
  void write(WinogradMatrices<A> products, byte[] winners) {
    int tiles = products.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int filter = part.from(); filter < part.to(); filter += block) {
      int count = Math.min(block, part.to() - filter);
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
      OutputLine line = line(filter, output, at);
      if (shape.pool) {
        activations.pool(windows(output), line, winners);
      } else {
        activations.activate(lines[output], line, winners);
      }
      loops.scatter(lines[corner(output)], at, place(output), tiles);
    }
  }

  /**
   * Computes the products' gradients from output gradients; adds up the biases' gradients, unless
   * there is nothing to add them to.
   */
  void read(WinogradMatrices<A> productGradients, byte[] winners, double[] biasSums) {
    int tiles = productGradients.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int filter = part.from(); filter < part.to(); filter += block) {
      int count = Math.min(block, part.to() - filter);
      for (int i = 0; i < count; i++) {
        copy(filter + i, false);
        double sum = deactivate(filter + i, i * tiles, winners, biasSums != null);
        if (biasSums != null) {
          biasSums[filter + i] += sum;
        }
      }
      transform.outputGradients(lines, count * tiles);
      productGradients.put(transform.points, filter, count * tiles);
    }
  }

  private double deactivate(int filter, int at, byte[] winners, boolean biased) {
    int tiles = tiles();
    double sum = 0;
    for (int output = 0; output < size * size; output++) {
      OutputLine line = line(filter, output, at);
      A gradients = lines[corner(output)];
      loops.gather(place(output), gradients, at, tiles);
      activations.deactivate(gradients, line, winners);
      sum += biased ? activations.sum(gradients, at, tiles) : 0;
      if (shape.pool) {
        activations.unpool(windows(output), line, winners);
      }
    }
    return sum;
  }

  private int tiles() {
    return batch.images() * grid.count();
  }

  private OutputLine line(int filter, int output, int at) {
    int winner = winners(shape, grid, batch.first()) + (filter * size * size + output) * tiles();
    return new OutputLine(at, tiles(), weights.bias(filter), shape.floor(), winner);
  }

  /** The line with the output's upper left product. */
  private int corner(int output) {
    int step = shape.pool ? 2 : 1;
    return output / size * step * WinogradGrid.OUTPUTS + output % size * step;
  }

  private Windows<A> windows(int output) {
    int at = corner(output);
    int below = at + WinogradGrid.OUTPUTS;
    return new Windows<>(lines[at], lines[at + 1], lines[below], lines[below + 1]);
  }

  private Indexed<A> place(int output) {
    return new Indexed<>(rounded, places, output / size * places.width + output % size);
  }

  /** Copies one filter's images out of or into whole tiles. */
  private void copy(int filter, boolean out) {
    int width = shape.finalWidth;
    for (int n = 0; n < batch.images(); n++) {
      for (int y = 0; y < shape.finalHeight; y++) {
        int plane = n * part.images() + filter - part.from();
        int at = (plane * shape.finalHeight + y) * width;
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
