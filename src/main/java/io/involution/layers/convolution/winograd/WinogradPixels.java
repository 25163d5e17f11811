package io.involution.layers.convolution.winograd;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.MicroBatch;
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

  /** Channels of the micro-batch's images: {@code [images, channels, height, width]}. */
  private final A array;

  WinogradPixels(WinogradSizes<A> sizes, WinogradTransform<A> transform) {
    reals = sizes.reals();
    shape = sizes.shape();
    this.transform = transform;
    places =
        new WinogradPlaces(
            sizes.mostImages(),
            sizes.grid(),
            WinogradGrid.OUTPUTS,
            WinogradGrid.PIXELS - WinogradGrid.OUTPUTS);
    padded = reals.create(Math.multiplyExact(sizes.mostImages(), places.imageLength()));
    int lines = Math.multiplyExact(sizes.mostImages(), sizes.mostLines());
    array = reals.create(Math.multiplyExact(lines, shape.height * shape.width));
  }

  /**
   * Transforms images.
   *
   * @param input of the whole minibatch
   * @param batch the images
   * @param part the channels
   * @param into receives the transforms of all the batch's images
   */
  void load(NativeReals<A> input, MicroBatch batch, ImageChunk part, WinogradMatrices<A> into) {
    int images = batch.images();
    int length = part.images() * shape.height * shape.width;
    for (int n = 0; n < images; n++) {
      input.get(place(batch.first() + n, part), array, n * length, length);
    }
    int tiles = into.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int channel = part.from(); channel < part.to(); channel += block) {
      int count = Math.min(block, part.to() - channel);
      for (int i = 0; i < count; i++) {
        copy(channel - part.from() + i, part.images(), images, true);
        for (int point = 0; point < WinogradGrid.POINTS; point++) {
          WinogradLoops.of(reals).gather(pixel(point), transform.points[point], i * tiles, tiles);
        }
      }
      transform.pixels(count * tiles);
      into.put(transform.points, channel, count * tiles);
    }
  }

  /** Writes the images' gradients, the backward pass of load. */
  void store(
      WinogradMatrices<A> from, NativeReals<A> gradients, MicroBatch batch, ImageChunk part) {
    int images = batch.images();
    int tiles = from.tiles();
    int block = WinogradTransform.linesTogether(tiles);
    for (int channel = part.from(); channel < part.to(); channel += block) {
      int count = Math.min(block, part.to() - channel);
      from.get(transform.points, channel, count * tiles);
      transform.pixelGradients(count * tiles);
      for (int i = 0; i < count; i++) {
        clear(images);
        for (int point = 0; point < WinogradGrid.POINTS; point++) {
          WinogradLoops.of(reals)
              .addScattered(transform.points[point], i * tiles, pixel(point), tiles);
        }
        copy(channel - part.from() + i, part.images(), images, false);
      }
    }
    // Values that were added to the padding must not be read as pixels.
    clear(images);
    int length = part.images() * shape.height * shape.width;
    for (int n = 0; n < images; n++) {
      gradients.put(place(batch.first() + n, part), array, n * length, length);
    }
  }

  /** Where an image's channels begin in the minibatch. */
  private int place(int image, ImageChunk part) {
    return (image * shape.channels + part.from()) * shape.height * shape.width;
  }

  private void clear(int images) {
    reals.zero(padded, 0, images * places.imageLength());
  }

  private Indexed<A> pixel(int point) {
    int shift = point / WinogradGrid.PIXELS * places.width + point % WinogradGrid.PIXELS;
    return new Indexed<>(padded, places, shift);
  }

  /** Copies the images of one of {@code channels} into their padding or out of it. */
  private void copy(int channel, int channels, int images, boolean in) {
    int width = shape.width;
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < shape.height; y++) {
        int at = ((n * channels + channel) * shape.height + y) * width;
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
