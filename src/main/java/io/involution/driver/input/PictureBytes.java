package io.involution.driver.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  private static final int MOST_SCANS = 100;

  private final byte[] bytes;
  private final int orientation;
  private final Colors colors;

  private PictureBytes(byte[] bytes, int orientation, Colors colors) {
    this.bytes = bytes;
    this.orientation = orientation;
    this.colors = colors;
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
      return jpeg(file);
    }
    if (starts(file, "GIF8") || starts(file, "BM")) {
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

  private static PictureBytes jpeg(byte[] file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, 2);
    int orientation = 1;
    int components = 0;
    int adobe = -1;
    boolean profile = false;
    int scans = 0;
    int at = 2;
    for (int marker = marker(file, at); marker != 0xd9; marker = marker(file, at)) {
      int length = (marker >= 0xd0 && marker <= 0xd7) || marker == 1 ? 0 : length(file, at + 2);
      int end = at + 2 + length;
      switch (marker) {
        case 0xe1 -> orientation = Math.max(orientation, Exif.orientation(file, at + 4, end));
        case 0xe2 -> profile = true;
        case 0xee -> adobe = length < 14 ? adobe : file[at + 15];
        case 0xc0, 0xc1, 0xc2 -> components = components(file, at, length);
        default -> {}
      }
      if (marker == 0xda) {
        end = scanEnd(file, end);
        scans++;
      }
      if (marker < 0xe1 || marker == 0xee) {
        out.write(file, at, end - at);
      }
      at = end;
    }
    out.write(0xff);
    out.write(0xd9);
    if (components == 0 || scans == 0 || scans > MOST_SCANS) {
      throw new IOException("a JPEG without a picture, or of a kind that is not read");
    }
    if (components == 4 && (adobe < 0 || profile)) {
      throw new IOException("CMYK with a color profile or of an unknown kind: convert it to RGB");
    }
    Colors inks = adobe == 2 ? Colors.YCCK : Colors.CMYK;
    return new PictureBytes(out.toByteArray(), orientation, components == 4 ? inks : Colors.LIGHT);
  }

  private static int marker(byte[] file, int at) throws IOException {
    if (at + 1 >= file.length) {
      throw new IOException("its end is missing");
    }
    if (file[at] != (byte) 0xff) {
      throw new IOException("a part has a wrong length");
    }
    return file[at + 1] & 0xff;
  }

  private static int length(byte[] file, int at) throws IOException {
    if (at + 2 > file.length) {
      throw new IOException("its end is missing");
    }
    int length = ByteBuffer.wrap(file).getShort(at) & 0xffff;
    if (length < 2 || at + length > file.length) {
      throw new IOException("its end is missing");
    }
    return length;
  }

  private static int components(byte[] file, int at, int length) throws IOException {
    if (length < 8 || file[at + 4] != 8) {
      throw new IOException("a JPEG that has not 8 bits for each color");
    }
    return file[at + 9];
  }

  /** Where the next marker is after compressed data, in which 0xff is followed by 0. */
  private static int scanEnd(byte[] file, int from) throws IOException {
    for (int at = from; at + 1 < file.length; at++) {
      int next = file[at + 1] & 0xff;
      if (file[at] == (byte) 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
        return at;
      }
    }
    throw new IOException("its end is missing");
  }
}
