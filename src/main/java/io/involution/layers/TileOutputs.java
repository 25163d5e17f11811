package io.involution.layers;

import io.involution.layers.TileLoops.Indexed;
import io.involution.layers.TileLoops.Outputs;
import io.involution.layers.TileLoops.Window;

/**
 * The outputs of a group of images, or their gradients: between the images {@code [images, filters,
 * finalHeight, finalWidth]} and lines of tiles, with bias, activation and pool in between.
 */
final class TileOutputs<A> {
  private final RealArrays<A> reals;
  private final TileLoops<A> loops;
  private final ConvolutionShape shape;
  private final TileConvolution<A> path;

  /** Rows and columns of a tile's outputs after the pool. */
  private final int size;

  private final double floor;
  private final TilePlaces places;

  /** One filter's images, rounded up to whole tiles; gradients beyond the border stay zero. */
  private final A rounded;

  private final A array;
  private final A[] lines;
  private int images;
  private int first;

  TileOutputs(
      RealArrays<A> reals,
      ConvolutionShape shape,
      TileConvolution<A> path,
      int mostImages,
      int line) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    loops = reals.tiles();
    size = TileGrid.OUTPUTS / (shape.pool ? 2 : 1);
    floor = shape.relu ? 0 : Double.NEGATIVE_INFINITY;
    places = new TilePlaces(mostImages, path.grid(), size, 0);
    rounded = reals.create(Math.multiplyExact(mostImages, places.imageLength()));
    array = reals.create(Math.multiplyExact(mostImages, shape.finalLength()));
    lines = TileTransform.planes(reals, TileGrid.OUTPUTS * TileGrid.OUTPUTS, line);
  }

  /** Turns to a group of images, from image {@code firstImage} of the minibatch on. */
  void begin(int count, int firstImage) {
    images = count;
    first = firstImage;
  }

  /** Writes the group's outputs to those of the minibatch. */
  void store(NativeReals<A> output) {
    output.put(first * shape.finalLength(), array, 0, images * shape.finalLength());
  }

  /** Reads the group's output gradients from those of the minibatch. */
  void load(NativeReals<A> gradients) {
    gradients.get(first * shape.finalLength(), array, 0, images * shape.finalLength());
    reals.zero(rounded, 0, images * places.imageLength());
  }

  /** From the products of some filters, side by side in the planes, to outputs. */
  void write(TileTransform<A> transform, A[] planes, int filter, int count, byte[] winners) {
    int tiles = tiles();
    transform.outputs(planes, lines, count * tiles);
    for (int i = 0; i < count; i++) {
      for (int output = 0; output < size * size; output++) {
        Outputs line = line(filter + i, output, i * tiles);
        if (shape.pool) {
          loops.activatePooled(window(output), line, winners, tiles);
        } else {
          loops.activate(lines[output], line, winners, tiles);
        }
        loops.scatter(lines[corner(output)], i * tiles, place(output), tiles);
      }
      copy(filter + i, true);
    }
  }

  /**
   * From output gradients to those of the products of some filters; adds up those of the biases.
   */
  void read(
      TileTransform<A> transform,
      A[] planes,
      int filter,
      int count,
      byte[] winners,
      double[] biasSums) {
    int tiles = tiles();
    for (int i = 0; i < count; i++) {
      copy(filter + i, false);
      for (int output = 0; output < size * size; output++) {
        Outputs line = line(filter + i, output, i * tiles);
        loops.gather(place(output), lines[corner(output)], i * tiles, tiles);
        biasSums[filter + i] +=
            shape.pool
                ? loops.deactivatePooled(window(output), line, winners, tiles)
                : loops.deactivate(lines[output], line, winners, tiles);
      }
    }
    transform.outputGradients(lines, planes, count * tiles);
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
    return output / size * step * TileGrid.OUTPUTS + output % size * step;
  }

  private Window<A> window(int output) {
    int at = corner(output);
    int below = at + TileGrid.OUTPUTS;
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
