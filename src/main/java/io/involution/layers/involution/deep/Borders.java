package io.involution.layers.involution.deep;

import io.involution.layers.involution.InvolutionShape;
import java.util.Arrays;

/**
 * Sets kernels to zero where their taps leave the image, which is what SAME zero padding means. On
 * lines without gaps such a tap meets a pixel of another row or image instead.
 */
final class Borders {
  private final InvolutionShape shape;

  Borders(InvolutionShape shape) {
    this.shape = shape;
  }

  /**
   * Clears one tap.
   *
   * @param kernel the tap's line
   * @param at where the first image starts in it
   * @param images number of images
   */
  void clear(float[] kernel, int at, int tap, int images) {
    int up = tap / shape.kernelSize - shape.padTop;
    int right = tap % shape.kernelSize - shape.padLeft;
    int width = shape.width;
    int size = shape.height * width;
    int rows = Math.min(Math.abs(up), shape.height) * width;
    if (rows > 0) {
      int from = up < 0 ? at : at + size - rows;
      for (int image = 0; image < images; image++, from += size) {
        Arrays.fill(kernel, from, from + rows, 0f);
      }
    }
    int columns = Math.min(Math.abs(right), width);
    int first = right < 0 ? at : at + width - columns;
    int end = at + images * size;
    for (int column = first; column < first + columns; column++) {
      for (int i = column; i < end; i += width) {
        kernel[i] = 0;
      }
    }
  }
}
