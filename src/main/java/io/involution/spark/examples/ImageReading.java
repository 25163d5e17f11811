package io.involution.spark.examples;

import io.involution.data.ImageShape;
import io.involution.data.picture.DecodedPicture;
import io.involution.data.picture.PictureFile;
import io.involution.failure.InputException;
import io.involution.spark.examples.Example.Image;
import java.io.Serializable;
import java.util.Locale;

/** How images become pixels on the executors. */
public final class ImageReading implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width;
  private final int channels;

  /**
   * Prepares it.
   *
   * @param height rows of the result; 0 for those of the image
   * @param width columns of the result; 0 for those of the image
   * @param channels of the result; 0 for 3, or those of a raw image
   */
  public ImageReading(int height, int width, int channels) {
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /**
   * A picture file's pixels, plane by plane.
   *
   * @throws InputException if it cannot be read, with the name
   */
  public byte[] filePixels(byte[] bytes, String name) {
    return file(bytes, name).pixels();
  }

  /**
   * A raw image's pixels, plane by plane.
   *
   * @param bytes a byte for each channel of each pixel, row by row
   * @throws InputException if the length does not fit the size, with the name
   */
  public byte[] rawPixels(byte[] bytes, long rows, long columns, String name) {
    return raw(bytes, rows, columns, name).pixels();
  }

  /**
   * Decodes a picture file.
   *
   * @throws InputException if it cannot be read, with the name
   */
  Image file(byte[] bytes, String name) {
    return image(DecodedPicture.of(bytes, name), name, channels == 0 ? 3 : channels);
  }

  /**
   * Takes a raw image.
   *
   * @param bytes a byte for each channel of each pixel, row by row
   * @throws InputException if the length does not fit the size, with the name
   */
  Image raw(byte[] bytes, long rows, long columns, String name) {
    boolean sized = rows > 0 && columns > 0 && rows <= bytes.length && columns <= bytes.length;
    long plane = sized ? rows * columns : 0;
    long found = plane == 0 ? 0 : bytes.length / plane;
    if (plane == 0 || found * plane != bytes.length || found < 1 || found > 4) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes, which are no 1 to 4 channels of %d x %d pixels",
              name,
              bytes.length,
              rows,
              columns));
    }
    DecodedPicture picture = DecodedPicture.raw(bytes, (int) rows, (int) columns);
    return image(picture, name, channels == 0 ? (int) found : channels);
  }

  private Image image(DecodedPicture picture, String name, int depth) {
    int rows = height == 0 ? picture.height() : height;
    int columns = width == 0 ? picture.width() : width;
    if (Math.max(rows, columns) > ImageShape.MOST_SIZE) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %d x %d pixels, more than 256 x 256: add --image-size",
              name,
              columns,
              rows));
    }
    ImageShape shape = new ImageShape(depth, rows, columns);
    return new Image(shape, PictureFile.pixels(picture, shape));
  }
}
