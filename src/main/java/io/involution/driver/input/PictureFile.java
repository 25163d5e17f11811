package io.involution.driver.input;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;

/** Converts an image of any size to the networks' input: its central square, 32 x 32 pixels. */
public final class PictureFile {
  private static final int CHANNELS = ImageShape.CIFAR10.channels();
  private static final int HEIGHT = ImageShape.CIFAR10.height();
  private static final int WIDTH = ImageShape.CIFAR10.width();

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
    byte[] pixels = new byte[CHANNELS * HEIGHT * WIDTH];
    int plane = HEIGHT * WIDTH;
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        double[] mean = mean(picture, row, column);
        for (int channel = 0; channel < CHANNELS; channel++) {
          pixels[channel * plane + row * WIDTH + column] = (byte) Math.round(mean[channel]);
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
    int top = row * side / HEIGHT;
    int bottom = Math.max(top + 1, (row + 1) * side / HEIGHT);
    int left = column * side / WIDTH;
    int right = Math.max(left + 1, (column + 1) * side / WIDTH);
    double[] sum = new double[CHANNELS];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int rgb = picture.rgb(startX + x, startY + y);
        for (int channel = 0; channel < CHANNELS; channel++) {
          sum[channel] += rgb >> (16 - 8 * channel) & 0xff;
        }
      }
    }
    for (int channel = 0; channel < CHANNELS; channel++) {
      sum[channel] /= (double) (bottom - top) * (right - left);
    }
    return sum;
  }
}
