package io.involution.driver.input;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Converts an image of any size to the networks' input: its central square, 32 x 32 pixels. */
public final class PictureFile {
  private static final long MOST_PIXELS = 100_000_000;

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
    BufferedImage square = square(decode(bytes, name));
    byte[] pixels = new byte[ImageShape.PIXELS];
    int plane = ImageShape.HEIGHT * ImageShape.WIDTH;
    for (int row = 0; row < ImageShape.HEIGHT; row++) {
      for (int column = 0; column < ImageShape.WIDTH; column++) {
        double[] mean = mean(square, row, column);
        for (int channel = 0; channel < ImageShape.CHANNELS; channel++) {
          pixels[channel * plane + row * ImageShape.WIDTH + column] =
              (byte) Math.round(mean[channel]);
        }
      }
    }
    return pixels;
  }

  private static BufferedImage decode(byte[] bytes, String name) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw notAnImage(name, null);
      }
      ImageReader reader = readers.next();
      reader.setInput(in);
      if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s has %d x %d pixels: scale it down to at most %,d pixels",
                Places.shown(name),
                reader.getWidth(0),
                reader.getHeight(0),
                MOST_PIXELS));
      }
      BufferedImage image = reader.read(0);
      reader.dispose();
      return image;
    } catch (IOException | RuntimeException e) {
      // Readers throw exceptions of many kinds for damaged files.
      throw e instanceof InputException input ? input : notAnImage(name, e);
    }
  }

  private static InputException notAnImage(String name, Exception cause) {
    return new InputException(
        Places.shown(name) + " is not a readable image: use a PNG or JPEG file", cause);
  }

  /** The central square, on a white background where the image is transparent. */
  private static BufferedImage square(BufferedImage image) {
    int side = Math.min(image.getWidth(), image.getHeight());
    BufferedImage square = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = square.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, side, side);
    graphics.drawImage(image, (side - image.getWidth()) / 2, (side - image.getHeight()) / 2, null);
    graphics.dispose();
    return square;
  }

  /** The average color of the pixels that one of the 32 x 32 covers; at least the nearest one. */
  private static double[] mean(BufferedImage square, int row, int column) {
    int side = square.getWidth();
    int top = row * side / ImageShape.HEIGHT;
    int bottom = Math.max(top + 1, (row + 1) * side / ImageShape.HEIGHT);
    int left = column * side / ImageShape.WIDTH;
    int right = Math.max(left + 1, (column + 1) * side / ImageShape.WIDTH);
    double[] sum = new double[ImageShape.CHANNELS];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int rgb = square.getRGB(x, y);
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
