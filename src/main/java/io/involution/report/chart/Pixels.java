package io.involution.report.chart;

import io.involution.evaluate.artifact.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Small images, pixel by pixel, as PNG files; a page enlarges them without blurring. */
public final class Pixels {
  /** Pixels between the images of a sheet. */
  private static final int GAP = 2;

  private Pixels() {}

  /** An image. */
  public static byte[] of(Picture picture) {
    BufferedImage image = image(picture.width(), picture.height());
    draw(picture, image, 0, 0);
    return png(image);
  }

  /** A grid of numbers, drawn in the colors of a scale. */
  public static byte[] of(double[][] grid, ColorScale scale) {
    BufferedImage image = image(grid[0].length, grid.length);
    for (int row = 0; row < grid.length; row++) {
      for (int column = 0; column < grid[row].length; column++) {
        image.setRGB(column, row, scale.rgb(grid[row][column]));
      }
    }
    return png(image);
  }

  /**
   * Images of the same size, arranged in a grid on white.
   *
   * @param pictures row by row
   * @param columns images per row
   * @param zoom pixels of the file per pixel of an image, unless these are too many
   */
  public static byte[] sheet(List<Picture> pictures, int columns, int zoom) {
    int across = pictures.isEmpty() ? 1 : pictures.get(0).width() + GAP;
    int down = pictures.isEmpty() ? 1 : pictures.get(0).height() + GAP;
    int rows = (pictures.size() + columns - 1) / columns;
    BufferedImage small =
        image(Math.max(1, columns * across - GAP), Math.max(1, rows * down - GAP));
    Graphics2D background = small.createGraphics();
    background.setColor(Color.WHITE);
    background.fillRect(0, 0, small.getWidth(), small.getHeight());
    background.dispose();
    for (int i = 0; i < pictures.size(); i++) {
      draw(pictures.get(i), small, i % columns * across, i / columns * down);
    }
    double most = Math.sqrt(Chart.MOST_PIXELS / small.getWidth() / small.getHeight());
    return png(enlarged(small, Math.max(1, (int) Math.min(zoom, most))));
  }

  /**
   * A grid of numbers as an image in the colors of a scale, enlarged pixel by pixel to the size of
   * another image.
   */
  public static Picture picture(double[][] grid, ColorScale scale, Picture like) {
    int[] colors = new int[like.height() * like.width()];
    for (int row = 0; row < like.height(); row++) {
      for (int column = 0; column < like.width(); column++) {
        double[] values = grid[row * grid.length / like.height()];
        colors[row * like.width() + column] =
            scale.rgb(values[column * values.length / like.width()]);
      }
    }
    return like.with(colors);
  }

  /** By the platform's default, the nearest pixel's color. */
  private static BufferedImage enlarged(BufferedImage small, int zoom) {
    BufferedImage large = image(small.getWidth() * zoom, small.getHeight() * zoom);
    Graphics2D graphics = large.createGraphics();
    graphics.drawImage(small, 0, 0, large.getWidth(), large.getHeight(), null);
    graphics.dispose();
    return large;
  }

  private static void draw(Picture picture, BufferedImage image, int left, int top) {
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        image.setRGB(left + column, top + row, picture.rgb(row, column));
      }
    }
  }

  private static BufferedImage image(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  }

  /** An image as the bytes of a PNG file. */
  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
