package io.involution.layers.convolution.winograd;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.winograd.WinogradLoops.Indexed;

/**
 * The pixels of a micro-batch, or their gradients: between the images {@code [images, channels,
 * height, width]} and the transformed tiles.
 */
final class WinogradPixels<A> {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final WinogradTransform<A> transform;
  private final WinogradPlaces places;

  /** One channel's images with the zeros around them, rounded up to whole tiles. */
  private final A padded;

  private final A array;

  WinogradPixels(
      RealArrays<A> reals,
      ConvolutionShape shape,
      WinogradGrid grid,
      WinogradTransform<A> transform,
      int mostImages) {
    this.reals = reals;
    this.shape = shape;
    this.transform = transform;
    places =
        new WinogradPlaces(
            mostImages, grid, WinogradGrid.OUTPUTS, WinogradGrid.PIXELS - WinogradGrid.OUTPUTS);
    padded = reals.create(Math.multiplyExact(mostImages, places.imageLength()));
    array = reals.create(Math.multiplyExact(mostImages, shape.imageLength()));
  }

  /** Transforms images, from image {@code first} of the minibatch on. */
  void load(NativeReals<A> input, int first, int images, WinogradMatrices<A> into) {
    input.get(first * shape.imageLength(), array, 0, images * shape.imageLength());
    int tiles = into.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int channel = 0; channel < shape.channels; channel += block) {
      int count = Math.min(block, shape.channels - channel);
      for (int i = 0; i < count; i++) {
        copy(channel + i, images, true);
        for (int point = 0; point < WinogradGrid.POINTS; point++) {
          WinogradLoops.of(reals).gather(pixel(point), transform.points[point], i * tiles, tiles);
        }
      }
      transform.pixels(count * tiles);
      into.put(transform.points, channel, count * tiles);
    }
  }

  /** Writes the images' gradients, the backward pass of load. */
  void store(WinogradMatrices<A> from, NativeReals<A> gradients, int first, int images) {
    int tiles = from.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int channel = 0; channel < shape.channels; channel += block) {
      int count = Math.min(block, shape.channels - channel);
      from.get(transform.points, channel, count * tiles);
      transform.pixelGradients(count * tiles);
      for (int i = 0; i < count; i++) {
        clear(images);
        for (int point = 0; point < WinogradGrid.POINTS; point++) {
          WinogradLoops.of(reals)
              .addScattered(transform.points[point], i * tiles, pixel(point), tiles);
        }
        copy(channel + i, images, false);
      }
    }
    // Values that were added to the padding must not be read as pixels.
    clear(images);
    gradients.put(first * shape.imageLength(), array, 0, images * shape.imageLength());
  }

  private void clear(int images) {
    reals.zero(padded, 0, images * places.imageLength());
  }

  private Indexed<A> pixel(int point) {
    int shift = point / WinogradGrid.PIXELS * places.width + point % WinogradGrid.PIXELS;
    return new Indexed<>(padded, places, shift);
  }

  /** Copies one channel's images into their padding or out of it. */
  private void copy(int channel, int images, boolean in) {
    int width = shape.width;
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < shape.height; y++) {
        int at = ((n * shape.channels + channel) * shape.height + y) * width;
        int row = n * places.height + y + shape.padTop;
        int paddedAt = row * places.width + shape.padLeft;
        if (in) {
          reals.gather(array, at, 1, padded, paddedAt, width);
        } else {
          reals.gather(padded, paddedAt, 1, array, at, width);
        }
      }
    }
  }
}
