package io.involution.report.chart;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * An image of opaque colors that becomes a PNG file (ISO/IEC 15948). Each row is stored as its
 * difference from the row above, the standard's filter 2: what is drawn and what is enlarged
 * repeats rows. The platform's own writer tries five filters on every row, and takes longer for a
 * report's charts than a small training does.
 */
final class PngImage {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int BITS = 8;
  private static final int TRUE_COLOR = 2;
  private static final int DIFFERENCE_FROM_THE_ROW_ABOVE = 2;

  private final int width;
  private final int height;
  private final int[] colors;

  /** A black image. */
  PngImage(int width, int height) {
    this(width, height, new int[width * height]);
  }

  /**
   * An image of given colors.
   *
   * @param colors 0xRRGGBB of every pixel, row by row; kept, not copied
   */
  PngImage(int width, int height, int[] colors) {
    if (colors.length != width * height) {
      throw new IllegalArgumentException(
          colors.length + " colors for an image of " + width + " times " + height);
    }
    this.width = width;
    this.height = height;
    this.colors = colors;
  }

  /** Gives every pixel one color, 0xRRGGBB. */
  void fill(int color) {
    Arrays.fill(colors, color);
  }

  /** Gives a pixel its color, 0xRRGGBB. */
  void set(int row, int column, int color) {
    colors[row * width + column] = color;
  }

  /** The same image with a square of pixels for every pixel. */
  PngImage enlarged(int zoom) {
    PngImage large = new PngImage(width * zoom, height * zoom);
    for (int row = 0; row < large.height; row++) {
      for (int column = 0; column < large.width; column++) {
        large.set(row, column, colors[row / zoom * width + column / zoom]);
      }
    }
    return large;
  }

  /** The bytes of the file. */
  byte[] file() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(SIGNATURE);
      chunk(out, "IHDR", header());
      chunk(out, "IDAT", rows());
      chunk(out, "IEND", new byte[0]);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private byte[] header() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(width);
    out.writeInt(height);
    // Then the one compression and the one family of filters that there are, and no interlacing.
    out.write(new byte[] {BITS, TRUE_COLOR, 0, 0, 0});
    return bytes.toByteArray();
  }

  private byte[] rows() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      byte[] row = new byte[1 + 3 * width];
      row[0] = DIFFERENCE_FROM_THE_ROW_ABOVE;
      for (int start = 0; start < colors.length; start += width) {
        for (int column = 0; column < width; column++) {
          int color = colors[start + column];
          int above = start == 0 ? 0 : colors[start - width + column];
          int at = 1 + 3 * column;
          row[at] = (byte) ((color >> 16) - (above >> 16));
          row[at + 1] = (byte) ((color >> 8) - (above >> 8));
          row[at + 2] = (byte) (color - above);
        }
        out.write(row);
      }
    }
    return bytes.toByteArray();
  }

  /** A chunk: its length, its name and its bytes with their checksum. */
  private static void chunk(DataOutputStream out, String name, byte[] content) throws IOException {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(letters);
    checksum.update(content);
    out.writeInt(content.length);
    out.write(letters);
    out.write(content);
    out.writeInt((int) checksum.getValue());
  }
}
