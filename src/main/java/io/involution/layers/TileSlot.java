package io.involution.layers;

import io.involution.layers.RealArrays.Operand;
import io.involution.layers.RealArrays.ProductShape;
import io.involution.layers.TileLoops.Indexed;

/** The slot of {@link TileConvolution}. */
final class TileSlot<A> implements ConvolutionSlot<A> {
  /** Elements of a line; long enough for vector code to pay, short enough for the L1 cache. */
  private static final int LINE = 256;

  private static final int POINTS = TileGrid.POINTS;

  private final RealArrays<A> reals;
  private final TileLoops<A> loops;
  private final ConvolutionShape shape;
  private final TileConvolution<A> path;
  private final int mostImages;
  private final TilePlaces pixelPlaces;
  private final A padded;
  private final A inputArray;
  private final NativeReals<A> pixels;
  private final NativeReals<A> products;
  private final TileTransform<A> transform;
  private final A[] planes;
  private final TileOutputs<A> outputs;

  TileSlot(RealArrays<A> reals, ConvolutionShape shape, TileConvolution<A> path, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    this.mostImages = mostImages;
    loops = reals.tiles();
    TileGrid grid = path.grid();
    pixelPlaces =
        new TilePlaces(mostImages, grid, TileGrid.OUTPUTS, TileGrid.PIXELS - TileGrid.OUTPUTS);
    padded = reals.create(Math.multiplyExact(mostImages, pixelPlaces.imageLength()));
    inputArray = reals.create(Math.multiplyExact(mostImages, shape.imageLength()));
    int most = mostImages * grid.count();
    pixels = reals.allocate((long) POINTS * shape.channels * most);
    products = reals.allocate((long) POINTS * shape.filters * most);
    int line = Math.max(LINE, most);
    transform = new TileTransform<>(reals, line);
    planes = TileTransform.planes(reals, POINTS, line);
    outputs = new TileOutputs<>(reals, shape, path, mostImages, line);
  }

  @Override
  public int mostImages() {
    return mostImages;
  }

  @Override
  public void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, int from, int to) {
    int size = ImageChunks.groupSize(to - from, mostImages);
    for (int first = from; first < to; first += size) {
      int images = Math.min(size, to - first);
      int tiles = images * path.grid().count();
      loadPixels(input, first, images);
      for (int point = 0; point < POINTS; point++) {
        reals.multiply(
            new ProductShape(shape.filters, tiles, shape.channels),
            path.matrix(point),
            matrix(pixels, point, shape.channels, tiles),
            matrix(products, point, shape.filters, tiles),
            false);
      }
      outputs.begin(images, first);
      int block = block(tiles);
      for (int filter = 0; filter < shape.filters; filter += block) {
        int count = Math.min(block, shape.filters - filter);
        take(products, shape.filters, filter, count * tiles, tiles);
        outputs.write(transform, planes, filter, count, winners);
      }
      outputs.store(output);
    }
  }

  @Override
  public void backward(
      Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, int from, int to) {
    int size = ImageChunks.groupSize(to - from, mostImages);
    for (int first = from; first < to; first += size) {
      int images = Math.min(size, to - first);
      int tiles = images * path.grid().count();
      loadPixels(step.input(), first, images);
      outputs.begin(images, first);
      outputs.load(step.outputGradients());
      int block = block(tiles);
      for (int filter = 0; filter < shape.filters; filter += block) {
        int count = Math.min(block, shape.filters - filter);
        outputs.read(transform, planes, filter, count, winners, sums.biases);
        put(products, shape.filters, filter, count * tiles, tiles);
      }
      addWeightGradients(sums, tiles);
      if (step.inputGradients() != null) {
        multiplyBack(tiles);
        storePixelGradients(step.inputGradients(), first, images);
      }
    }
  }

  private void addWeightGradients(ConvolutionSums.Chunk<A> sums, int tiles) {
    for (int point = 0; point < POINTS; point++) {
      Operand<A> patches = matrix(pixels, point, shape.channels, tiles);
      reals.multiply(
          new ProductShape(shape.filters, shape.channels, tiles),
          matrix(products, point, shape.filters, tiles),
          new Operand<>(pixels, patches.at(), tiles, true),
          new Operand<>(
              sums.weights, point * shape.filters * shape.channels, shape.channels, false),
          true);
    }
  }

  /** The pixels' gradients take the place of the pixels. */
  private void multiplyBack(int tiles) {
    for (int point = 0; point < POINTS; point++) {
      reals.multiply(
          new ProductShape(shape.channels, tiles, shape.filters),
          path.transposed(point),
          matrix(products, point, shape.filters, tiles),
          matrix(pixels, point, shape.channels, tiles),
          false);
    }
  }

  private Operand<A> matrix(NativeReals<A> memory, int point, int rows, int tiles) {
    return new Operand<>(memory, point * rows * tiles, tiles, false);
  }

  /** Channels or filters that share a line. */
  private static int block(int tiles) {
    return Math.max(1, LINE / tiles);
  }

  private void loadPixels(NativeReals<A> input, int first, int images) {
    int length = shape.imageLength();
    input.get(first * length, inputArray, 0, images * length);
    int tiles = images * path.grid().count();
    int block = block(tiles);
    for (int channel = 0; channel < shape.channels; channel += block) {
      int count = Math.min(block, shape.channels - channel);
      for (int c = 0; c < count; c++) {
        pad(channel + c, images);
        for (int point = 0; point < POINTS; point++) {
          loops.gather(pixel(point), planes[point], c * tiles, tiles);
        }
      }
      transform.pixels(planes, count * tiles);
      put(pixels, shape.channels, channel, count * tiles, tiles);
    }
  }

  private void storePixelGradients(NativeReals<A> gradients, int first, int images) {
    int tiles = images * path.grid().count();
    int block = block(tiles);
    for (int channel = 0; channel < shape.channels; channel += block) {
      int count = Math.min(block, shape.channels - channel);
      take(pixels, shape.channels, channel, count * tiles, tiles);
      transform.pixelGradients(planes, count * tiles);
      for (int c = 0; c < count; c++) {
        reals.zero(padded, 0, images * pixelPlaces.imageLength());
        for (int point = 0; point < POINTS; point++) {
          loops.addScattered(planes[point], c * tiles, pixel(point), tiles);
        }
        unpad(channel + c, images);
      }
    }
    // What was added to the padding must not be taken for pixels.
    reals.zero(padded, 0, images * pixelPlaces.imageLength());
    int length = shape.imageLength();
    gradients.put(first * length, inputArray, 0, images * length);
  }

  private Indexed<A> pixel(int point) {
    int shift = point / TileGrid.PIXELS * pixelPlaces.width + point % TileGrid.PIXELS;
    return new Indexed<>(padded, pixelPlaces, shift);
  }

  private void pad(int channel, int images) {
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < rows(); y++) {
        reals.gather(inputArray, row(n, channel, y), 1, padded, paddedRow(n, y), columns());
      }
    }
  }

  private void unpad(int channel, int images) {
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < rows(); y++) {
        reals.gather(padded, paddedRow(n, y), 1, inputArray, row(n, channel, y), columns());
      }
    }
  }

  private int rows() {
    return shape.height;
  }

  private int columns() {
    return shape.width;
  }

  private int row(int image, int channel, int y) {
    return ((image * shape.channels + channel) * shape.height + y) * shape.width;
  }

  private int paddedRow(int image, int y) {
    int row = image * pixelPlaces.height + y + shape.padTop;
    return row * pixelPlaces.width + shape.padLeft;
  }

  /** Puts lines of all points into their matrices, from row {@code row} on. */
  private void put(NativeReals<A> memory, int rows, int row, int count, int tiles) {
    for (int point = 0; point < POINTS; point++) {
      memory.put((point * rows + row) * tiles, planes[point], 0, count);
    }
  }

  private void take(NativeReals<A> memory, int rows, int row, int count, int tiles) {
    for (int point = 0; point < POINTS; point++) {
      memory.get((point * rows + row) * tiles, planes[point], 0, count);
    }
  }

  @Override
  public void close() {
    pixels.close();
    products.close();
  }
}
