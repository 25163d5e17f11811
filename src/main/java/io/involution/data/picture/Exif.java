package io.involution.data.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one number of a photo's Exif data that says how people see it. */
final class Exif {
  private static final byte[] MAGIC = {'E', 'x', 'i', 'f', 0, 0};
  private static final int ORIENTATION = 0x112;
  private static final int ENTRY = 12;

  private Exif() {}

  /**
   * The orientation in a segment of a JPEG file.
   *
   * @param from the segment's first byte
   * @param to the byte after its last
   * @return 1 to 8; 1 if it says nothing or is damaged
   */
  static int orientation(byte[] file, int from, int to) {
    if (to - from < 16 || !ByteBuffer.wrap(file, from, 6).equals(ByteBuffer.wrap(MAGIC))) {
      return 1;
    }
    ByteBuffer tiff = ByteBuffer.wrap(file, from + 6, to - from - 6).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = tiff.getInt(4) & 0xffffffffL;
    if (directory + 2 > tiff.limit()) {
      return 1;
    }
    int entries = tiff.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + (long) i * ENTRY;
      if (at + ENTRY > tiff.limit()) {
        return 1;
      }
      if ((tiff.getShort((int) at) & 0xffff) == ORIENTATION) {
        int orientation = tiff.getShort((int) at + 8);
        return orientation >= 1 && orientation <= 8 ? orientation : 1;
      }
    }
    return 1;
  }
}
