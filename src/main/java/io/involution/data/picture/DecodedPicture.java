package io.involution.data.picture;

import io.involution.data.picture.PictureBytes.Colors;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture's colors as people see them, red, green and blue: turned as its camera says, on white
 * where it is transparent, and without the conversions of Java's color spaces, which brighten grey.
 */
public final class DecodedPicture {
  /** Of a picture with at most eight bits for each color. */
  static final long MOST_PIXELS = 64_000_000;

  private static final long MOST_SIXTEEN_BIT_PIXELS = 24_000_000;

  private static final int OPAQUE = 0xff000000;

  private final Raster raster;
  private final ColorModel colors;
  private final PictureBytes source;
  private final int[] samples = new int[4];
  private Object element;

  private DecodedPicture(Raster raster, ColorModel colors, PictureBytes source) {
    this.raster = raster;
    this.colors = colors;
    this.source = source;
  }

  /**
   * Decodes a file.
   *
   * @param file the whole file
   * @param name its name, for the error message
   * @throws InputException if it is no picture, damaged or too large
   */
  public static DecodedPicture of(byte[] file, String name) {
    try {
      PictureBytes source = PictureBytes.of(file);
      try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(source.bytes()))) {
        return decode(in, source, name);
      }
    } catch (IOException | RuntimeException e) {
      // Readers throw exceptions of many kinds for damaged files.
      throw e instanceof InputException input
          ? input
          : new InputException(
              String.format(
                  Locale.ROOT,
                  "%s is not a readable image (%s): use a PNG or JPEG file",
                  Places.shown(name),
                  e instanceof IOException ? Places.reason(e) : "damaged"),
              e);
    }
  }

  /**
   * A picture that needs no decoding.
   *
   * @param bytes a byte for each channel of each pixel, row by row; kept, not copied
   */
  public static DecodedPicture raw(byte[] bytes, int height, int width) {
    int channels = bytes.length / (height * width);
    int[] offsets = IntStream.range(0, channels).toArray();
    Raster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(bytes, bytes.length),
            width,
            height,
            width * channels,
            channels,
            offsets,
            null);
    return new DecodedPicture(raster, null, PictureBytes.upright(bytes));
  }

  private static DecodedPicture decode(
      MemoryCacheImageInputStream in, PictureBytes source, String name) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new IOException("no reader for it");
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, true, true);
      checkSize(reader, source, name);
      boolean[] warned = new boolean[1];
      reader.addIIOReadWarningListener((from, warning) -> warned[0] = true);
      DecodedPicture picture;
      if (source.colors() != Colors.LIGHT) {
        picture = new DecodedPicture(reader.readRaster(0, null), null, source);
      } else {
        BufferedImage image = reader.read(0);
        picture = new DecodedPicture(image.getRaster(), image.getColorModel(), source);
      }
      if (warned[0]) {
        throw new IOException("damaged");
      }
      return picture;
    } finally {
      reader.dispose();
    }
  }

  private static void checkSize(ImageReader reader, PictureBytes source, String name)
      throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    byte[] bytes = source.bytes();
    // A PNG file's 25th byte is the number of bits of each color.
    boolean sixteen = bytes[1] == 'P' && bytes[24] == 16;
    long most = sixteen ? MOST_SIXTEEN_BIT_PIXELS : MOST_PIXELS;
    if (pixels > most) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %d x %d pixels: scale it down to at most %,d pixels",
              Places.shown(name),
              reader.getWidth(0),
              reader.getHeight(0),
              most));
    }
  }

  private boolean isOnItsSide() {
    return source.orientation() >= 5;
  }

  /** Columns. */
  public int width() {
    return isOnItsSide() ? raster.getHeight() : raster.getWidth();
  }

  /** Rows. */
  public int height() {
    return isOnItsSide() ? raster.getWidth() : raster.getHeight();
  }

  /** The color of a pixel, 0xRRGGBB, on white where it is transparent. */
  int rgb(int x, int y) {
    int argb = argb(x, y);
    int alpha = argb >>> 24;
    return onWhite(argb >> 16 & 0xff, alpha) << 16
        | onWhite(argb >> 8 & 0xff, alpha) << 8
        | onWhite(argb & 0xff, alpha);
  }

  /** The color of a pixel with its alpha, 0xAARRGGBB. */
  int argb(int x, int y) {
    int right = raster.getWidth() - 1;
    int bottom = raster.getHeight() - 1;
    return switch (source.orientation()) {
      case 2 -> stored(right - x, y);
      case 3 -> stored(right - x, bottom - y);
      case 4 -> stored(x, bottom - y);
      case 5 -> stored(y, x);
      case 6 -> stored(y, bottom - x);
      case 7 -> stored(right - y, bottom - x);
      case 8 -> stored(right - y, x);
      default -> stored(x, y);
    };
  }

  private int stored(int x, int y) {
    if (source.colors() != Colors.LIGHT) {
      return OPAQUE | inks(raster.getPixel(x, y, samples), source.colors() == Colors.YCCK);
    }
    if (colors instanceof IndexColorModel || raster.getNumBands() != raster.getNumDataElements()) {
      element = raster.getDataElements(x, y, element);
      return colors.getRGB(element);
    }
    raster.getPixel(x, y, samples);
    int bands = raster.getNumBands();
    boolean grey = bands < 3;
    int alpha = bands == 2 || bands == 4 ? eightBits(bands - 1) : 255;
    return alpha << 24
        | eightBits(0) << 16
        | eightBits(grey ? 0 : 1) << 8
        | eightBits(grey ? 0 : 2);
  }

  private int eightBits(int band) {
    int most = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
    return (samples[band] * 255 + most / 2) / most;
  }

  /** Adobe's files hold 255 for no ink; as brightness and differences, 0 for no ink but black. */
  private static int inks(int[] stored, boolean differences) {
    double red = stored[0];
    double green = stored[1];
    double blue = stored[2];
    if (differences) {
      double toBlue = stored[1] - 128;
      double toRed = stored[2] - 128;
      red = 255 - stored[0] - 1.402 * toRed;
      green = 255 - stored[0] + 0.344136 * toBlue + 0.714136 * toRed;
      blue = 255 - stored[0] - 1.772 * toBlue;
    }
    return light(red, stored[3]) << 16 | light(green, stored[3]) << 8 | light(blue, stored[3]);
  }

  private static int light(double color, int key) {
    return (int) Math.round(Math.max(0, Math.min(255, color)) * key / 255);
  }

  private static int onWhite(int color, int alpha) {
    return (color * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
