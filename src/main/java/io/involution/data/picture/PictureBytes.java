package io.involution.data.picture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A picture file without what a decoder need not see: texts, color profiles and thumbnails, some of
 * which are compressed. Only this class reads their lengths, and nothing of them is unpacked.
 */
final class PictureBytes {
  /** What the numbers of a picture are. */
  enum Colors {
    /** Light: grey, or red, green and blue. */
    LIGHT,
    /** Inks of a JPEG. */
    CMYK,
    /** Inks of a JPEG, of which three are stored as brightness and two differences of colors. */
    YCCK
  }

  private static final long PNG = 0x89504e470d0a1a0aL;
  private static final int JPEG = 0xffd8;
  private static final Set<String> CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
  private static final int CHUNK_FRAME = 12;

  private static final int BMP_HEADER = 14;
  private static final int BMP_COMPRESSION = 30;
  private static final int OLD_BMP_HEADER = 12;
  private static final int BMP_BIT_FIELDS = 3;

  private final byte[] bytes;
  private final int orientation;
  private final Colors colors;

  /** What a decoder sees, how people see it, and what its numbers are. */
  PictureBytes(byte[] bytes, int orientation, Colors colors) {
    this.bytes = bytes;
    this.orientation = orientation;
    this.colors = colors;
  }

  /** Bytes that are no file, but the light of each pixel. */
  static PictureBytes upright(byte[] pixels) {
    return new PictureBytes(pixels, 1, Colors.LIGHT);
  }

  /** The file's format and its picture. */
  byte[] bytes() {
    return bytes;
  }

  /** How people see it, 1 to 8 as in Exif; 1 for as it is stored. */
  int orientation() {
    return orientation;
  }

  /** How a JPEG holds its colors. */
  Colors colors() {
    return colors;
  }

  /**
   * Takes what a decoder needs of a PNG, JPEG, GIF or BMP file.
   *
   * @throws IOException if it is another format, or its end is missing
   */
  static PictureBytes of(byte[] file) throws IOException {
    if (file.length > CHUNK_FRAME && ByteBuffer.wrap(file).getLong() == PNG) {
      return new PictureBytes(png(file), 1, Colors.LIGHT);
    }
    if (file.length > 2 && (ByteBuffer.wrap(file).getShort() & 0xffff) == JPEG) {
      return new JpegBytes(file).picture();
    }
    if (starts(file, "BM")) {
      checkBmp(file);
      return new PictureBytes(file, 1, Colors.LIGHT);
    }
    if (starts(file, "GIF8")) {
      return new PictureBytes(file, 1, Colors.LIGHT);
    }
    throw new IOException("no PNG, JPEG, GIF or BMP file");
  }

  private static boolean starts(byte[] file, String magic) {
    return file.length > magic.length() && text(file, 0, magic.length()).equals(magic);
  }

  private static String text(byte[] file, int at, int length) {
    return new String(file, at, length, StandardCharsets.ISO_8859_1);
  }

  /** Java's reader hands a PNG or JPEG in a BMP to the readers of those, past the checks here. */
  private static void checkBmp(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < BMP_COMPRESSION + Integer.BYTES) {
      throw new IOException("its end is missing");
    }
    int compression = in.getInt(BMP_HEADER) == OLD_BMP_HEADER ? 0 : in.getInt(BMP_COMPRESSION);
    if (compression < 0 || compression > BMP_BIT_FIELDS) {
      throw new IOException("a BMP that holds a file of another format, or of an unknown kind");
    }
  }

  private static byte[] png(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, Long.BYTES);
    String type = "";
    for (int at = Long.BYTES; !type.equals("IEND"); ) {
      if (at > file.length - CHUNK_FRAME) {
        throw new IOException("its end is missing");
      }
      int length = in.getInt(at);
      if (length < 0 || length > file.length - at - CHUNK_FRAME) {
        throw new IOException("its end is missing");
      }
      type = text(file, at + Integer.BYTES, Integer.BYTES);
      if (CHUNKS.contains(type)) {
        CRC32 sum = new CRC32();
        sum.update(file, at + Integer.BYTES, Integer.BYTES + length);
        if ((int) sum.getValue() != in.getInt(at + 2 * Integer.BYTES + length)) {
          throw new IOException("a checksum is wrong");
        }
        out.write(file, at, length + CHUNK_FRAME);
      }
      at += length + CHUNK_FRAME;
    }
    return out.toByteArray();
  }
}
