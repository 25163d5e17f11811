package io.involution.evaluate.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Arrays;

/** A 32 x 32 image; in JSON, the base64 of its 3 x 32 x 32 bytes. */
public final class Picture implements Serializable {
  /** Rows and columns. */
  public static final int SIZE = 32;

  private static final long serialVersionUID = 1L;
  private static final int PLANE = SIZE * SIZE;

  private final byte[] pixels;

  /**
   * Wraps an image's pixels.
   *
   * @param pixels red, green and blue planes, row by row; kept, not copied
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Picture(byte[] pixels) {
    if (pixels.length != 3 * PLANE) {
      throw new IllegalArgumentException("an image of " + pixels.length + " bytes");
    }
    this.pixels = pixels;
  }

  @JsonValue
  byte[] pixels() {
    return pixels;
  }

  /** The color of a pixel, 0xRRGGBB. */
  public int rgb(int row, int column) {
    int at = row * SIZE + column;
    return (pixels[at] & 0xff) << 16
        | (pixels[PLANE + at] & 0xff) << 8
        | (pixels[2 * PLANE + at] & 0xff);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture && Arrays.equals(pixels, picture.pixels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pixels);
  }
}
