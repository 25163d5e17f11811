package io.involution.driver.input;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;

/** Converts an image of any size to the networks' input: its central square, 32 x 32 pixels. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * Reads an image file.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @return the red, green and blue planes
   * @throws InputException if it is not an image
   */
  public static byte[] pixels(byte[] bytes, String name) {
    DecodedPicture picture = DecodedPicture.of(bytes, name);
    byte[] pixels = new byte[ImageShape.PIXELS];
    int plane = ImageShape.HEIGHT * ImageShape.WIDTH;
    for (int row = 0; row < ImageShape.HEIGHT; row++) {
      for (int column = 0; column < ImageShape.WIDTH; column++) {
        double[] mean = mean(picture, row, column);
        for (int channel = 0; channel < ImageShape.CHANNELS; channel++) {
          pixels[channel * plane + row * ImageShape.WIDTH + column] =
              (byte) Math.round(mean[channel]);
        }
      }
    }
    return pixels;
  }

  /** The average color of the pixels that one of the 32 x 32 covers; at least the nearest one. */
  private static double[] mean(DecodedPicture picture, int row, int column) {
    int side = Math.min(picture.width(), picture.height());
    int startX = (picture.width() - side) / 2;
    int startY = (picture.height() - side) / 2;
    int top = row * side / ImageShape.HEIGHT;
    int bottom = Math.max(top + 1, (row + 1) * side / ImageShape.HEIGHT);
    int left = column * side / ImageShape.WIDTH;
    int right = Math.max(left + 1, (column + 1) * side / ImageShape.WIDTH);
    double[] sum = new double[ImageShape.CHANNELS];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int rgb = picture.rgb(startX + x, startY + y);
        for (int channel = 0; channel < ImageShape.CHANNELS; channel++) {
          sum[channel] += rgb >> (16 - 8 * channel) & 0xff;
        }
      }
    }
    for (int channel = 0; channel < ImageShape.CHANNELS; channel++) {
      sum[channel] /= (double) (bottom - top) * (right - left);
    }
    return sum;
  }
}
