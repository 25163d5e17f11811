package io.involution.data.picture;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import java.util.regex.Pattern;

/**
 * Converts a picture of any size to an example's pixels: its central part of the example's
 * proportions, each pixel the average color of those that it covers.
 */
public final class PictureFile {
  private static final Pattern NAME =
      Pattern.compile(".*\\.(png|jpe?g|gif|bmp)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private PictureFile() {}

  /** Whether a file's name ends as those of pictures do, in capitals or not. */
  public static boolean isPictureName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads a picture file.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @param shape channels, rows and columns of the result: gray; gray and alpha; red, green and
   *     blue; or these and alpha. Without alpha, what is transparent is on white
   * @return the channels' planes, row by row
   * @throws InputException if it is not a picture
   */
  public static byte[] pixels(byte[] bytes, String name, ImageShape shape) {
    return pixels(DecodedPicture.of(bytes, name), shape);
  }

  /** The same for a picture that has been decoded. */
  public static byte[] pixels(DecodedPicture picture, ImageShape shape) {
    byte[] pixels = new byte[shape.pixels()];
    Crop crop = Crop.of(picture, shape);
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        long[] sum = crop.sum(row, column);
        for (int channel = 0; channel < shape.channels(); channel++) {
          pixels[channel * shape.plane() + row * shape.width() + column] =
              (byte) Math.round(mean(sum, channel, shape.channels()));
        }
      }
    }
    return pixels;
  }

  private static double mean(long[] sum, int channel, int channels) {
    boolean alpha = channels % 2 == 0;
    if (alpha && channel == channels - 1) {
      return sum[3] / (double) sum[4];
    }
    // The colors are weighted with their alpha: those that nobody sees do not count.
    double weight = alpha ? Math.max(1, sum[3]) : 255.0 * sum[4];
    long color = channels < 3 ? (299 * sum[0] + 587 * sum[1] + 114 * sum[2]) / 1000 : sum[channel];
    return color / weight;
  }

  /**
   * The part of a picture that an example shows.
   *
   * @param left its first column
   * @param top its first row
   * @param width its columns
   * @param height its rows
   */
  private record Crop(
      DecodedPicture picture, ImageShape shape, int left, int top, int width, int height) {

    static Crop of(DecodedPicture picture, ImageShape shape) {
      long wide = (long) picture.width() * shape.height();
      long high = (long) picture.height() * shape.width();
      int width = wide > high ? Math.max(1, (int) (high / shape.height())) : picture.width();
      int height = high > wide ? Math.max(1, (int) (wide / shape.width())) : picture.height();
      return new Crop(
          picture,
          shape,
          (picture.width() - width) / 2,
          (picture.height() - height) / 2,
          width,
          height);
    }

    /**
     * The sums over the pixels that one of the example covers; at least the nearest one.
     *
     * @return red, green and blue times alpha; alpha; the number of pixels
     */
    long[] sum(int row, int column) {
      int fromY = row * height / shape.height();
      int toY = Math.max(fromY + 1, (row + 1) * height / shape.height());
      int fromX = column * width / shape.width();
      int toX = Math.max(fromX + 1, (column + 1) * width / shape.width());
      boolean alpha = shape.channels() % 2 == 0;
      long[] sum = new long[5];
      for (int y = fromY; y < toY; y++) {
        for (int x = fromX; x < toX; x++) {
          int argb = alpha ? picture.argb(left + x, top + y) : picture.rgb(left + x, top + y);
          long opaque = alpha ? argb >>> 24 : 255;
          for (int color = 0; color < 3; color++) {
            sum[color] += opaque * (argb >> (16 - 8 * color) & 0xff);
          }
          sum[3] += opaque;
        }
      }
      sum[4] = (long) (toY - fromY) * (toX - fromX);
      return sum;
    }
  }
}
