package io.involution.evaluate.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.involution.data.ImageShape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image; in JSON, the base64 of its bytes. The shape stands before it, such as {@code 1x28x28:},
 * where it is not CIFAR-10's.
 */
public final class Picture implements Serializable {
  private static final long serialVersionUID = 2L;
  private static final Pattern SHAPE = Pattern.compile("(\\d)x(\\d{1,3})x(\\d{1,3}):");
  private static final int WHITE = 255;

  private final ImageShape shape;
  private final byte[] pixels;

  /**
   * Wraps an image's pixels.
   *
   * @param shape its channels, rows and columns
   * @param pixels the channels' planes, row by row; kept, not copied
   */
  public Picture(ImageShape shape, byte[] pixels) {
    if (pixels.length != shape.pixels()) {
      throw new IllegalArgumentException("an image of " + pixels.length + " bytes");
    }
    this.shape = shape;
    this.pixels = pixels;
  }

  /** Reads what {@link #json()} wrote. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Picture of(String json) {
    Matcher shape = SHAPE.matcher(json);
    if (!shape.lookingAt()) {
      return new Picture(ImageShape.CIFAR10, Base64.getDecoder().decode(json));
    }
    return new Picture(
        new ImageShape(
            Integer.parseInt(shape.group(1)),
            Integer.parseInt(shape.group(2)),
            Integer.parseInt(shape.group(3))),
        Base64.getDecoder().decode(json.substring(shape.end())));
  }

  @JsonValue
  String json() {
    String bytes = Base64.getEncoder().encodeToString(pixels);
    return shape.equals(ImageShape.CIFAR10)
        ? bytes
        : String.format(
            Locale.ROOT, "%dx%dx%d:%s", shape.channels(), shape.height(), shape.width(), bytes);
  }

  /**
   * An image of the same size.
   *
   * @param colors 0xRRGGBB of every pixel, row by row
   */
  public Picture with(int[] colors) {
    byte[] planes = new byte[3 * shape.plane()];
    for (int i = 0; i < colors.length; i++) {
      for (int color = 0; color < 3; color++) {
        planes[color * colors.length + i] = (byte) (colors[i] >> (16 - 8 * color));
      }
    }
    return new Picture(new ImageShape(3, shape.height(), shape.width()), planes);
  }

  /** Rows. */
  public int height() {
    return shape.height();
  }

  /** Columns. */
  public int width() {
    return shape.width();
  }

  /** The color of a pixel, 0xRRGGBB, on white where it is transparent. */
  public int rgb(int row, int column) {
    boolean gray = shape.channels() < 3;
    boolean alpha = shape.channels() % 2 == 0;
    int opaque = alpha ? value(shape.channels() - 1, row, column) : WHITE;
    int rgb = 0;
    for (int color = 0; color < 3; color++) {
      int value = value(gray ? 0 : color, row, column);
      int shown = (value * opaque + WHITE * (WHITE - opaque) + WHITE / 2) / WHITE;
      rgb = rgb << 8 | shown;
    }
    return rgb;
  }

  private int value(int channel, int row, int column) {
    return pixels[channel * shape.plane() + row * shape.width() + column] & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture
        && shape.equals(picture.shape)
        && Arrays.equals(pixels, picture.pixels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pixels);
  }
}
