package io.involution.report.chart;

import io.involution.evaluate.artifact.Picture;
import java.util.List;

/** Small images, pixel by pixel, as PNG files; a page enlarges them without blurring. */
public final class Pixels {
  private static final int WHITE = 0xffffff;

  /** Pixels between the images of a sheet. */
  private static final int GAP = 2;

  private Pixels() {}

  /** An image. */
  public static byte[] of(Picture picture) {
    PngImage image = new PngImage(picture.width(), picture.height());
    draw(picture, image, 0, 0);
    return image.file();
  }

  /** A grid of numbers, drawn in the colors of a scale. */
  public static byte[] of(double[][] grid, ColorScale scale) {
    PngImage image = new PngImage(grid[0].length, grid.length);
    for (int row = 0; row < grid.length; row++) {
      for (int column = 0; column < grid[row].length; column++) {
        image.set(row, column, scale.rgb(grid[row][column]));
      }
    }
    return image.file();
  }

  /**
   * Images of the same size, arranged in a grid on white.
   *
   * @param pictures row by row
   * @param columns images per row
   * @param zoom pixels of the file per pixel of an image
   */
  public static byte[] sheet(List<Picture> pictures, int columns, int zoom) {
    int across = pictures.isEmpty() ? 1 : pictures.get(0).width() + GAP;
    int down = pictures.isEmpty() ? 1 : pictures.get(0).height() + GAP;
    int rows = (pictures.size() + columns - 1) / columns;
    PngImage small =
        new PngImage(Math.max(1, columns * across - GAP), Math.max(1, rows * down - GAP));
    small.fill(WHITE);
    for (int i = 0; i < pictures.size(); i++) {
      draw(pictures.get(i), small, i % columns * across, i / columns * down);
    }
    return small.enlarged(zoom).file();
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

  private static void draw(Picture picture, PngImage image, int left, int top) {
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        image.set(top + row, left + column, picture.rgb(row, column));
      }
    }
  }
}
