package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;

/** An example with its pixels. */
public final class Picture {
  /** Rows and columns. */
  public static final int SIZE = 32;

  private static final int PLANE = SIZE * SIZE;

  private final int index;
  private final int label;
  private final byte[] pixels;

  /**
   * Wraps an example.
   *
   * @param index place in its subset
   * @param label its class, or -1 where it has none
   * @param pixels planes red, green, blue; kept, not copied
   */
  public Picture(int index, int label, byte[] pixels) {
    if (pixels.length != 3 * PLANE) {
      throw new IllegalArgumentException("a picture of " + pixels.length + " bytes");
    }
    this.index = index;
    this.label = label;
    this.pixels = pixels;
  }

  static Picture of(JsonNode sample) {
    return new Picture(
        sample.path("index").asInt(),
        sample.path("label").asInt(),
        Base64.getDecoder().decode(sample.path("pixels").asText()));
  }

  /** The same picture without a class. */
  Picture unlabelled() {
    return new Picture(index, -1, pixels);
  }

  /** Place in its subset. */
  public int index() {
    return index;
  }

  /** Its class. */
  public int label() {
    return label;
  }

  /** The colour of a pixel, 0xRRGGBB. */
  public int rgb(int row, int column) {
    int at = row * SIZE + column;
    return (pixels[at] & 0xff) << 16
        | (pixels[PLANE + at] & 0xff) << 8
        | (pixels[2 * PLANE + at] & 0xff);
  }
}
