package io.involution.data.tar;

import io.involution.data.tar.TarMember.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One block of 512 bytes that stands before a member of a tar, in the formats ustar and GNU. */
final class TarHeader {
  static final int BLOCK = 512;

  private static final int NAME = 100;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;

  private final byte[] block;

  private TarHeader(byte[] block) {
    this.block = block;
  }

  /**
   * Looks at a block.
   *
   * @throws IOException when it is no header
   */
  static TarHeader of(byte[] block) throws IOException {
    TarHeader header = new TarHeader(block);
    long sum = CHECKSUM_LENGTH * (long) ' ';
    for (int i = 0; i < BLOCK; i++) {
      boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      sum += inChecksum ? 0 : block[i] & 0xff;
    }
    if (header.number(CHECKSUM, CHECKSUM_LENGTH) != sum) {
      throw new IOException("a member's header has a wrong checksum");
    }
    return header;
  }

  /** Whether a block is all zeros, which ends a tar. */
  static boolean isEnd(byte[] block) {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  char type() {
    return (char) (block[TYPE] & 0xff);
  }

  String name() {
    String name = text(0, NAME);
    // GNU's own format ends the magic in blanks and uses the prefix for other things.
    boolean ustar = text(MAGIC, 6).equals("ustar");
    String prefix = ustar ? text(PREFIX, PREFIX_LENGTH) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  long size() throws IOException {
    return number(SIZE, SIZE_LENGTH);
  }

  Kind kind(String name) {
    return switch (type()) {
      case '0', '\0', '7' -> name.endsWith("/") ? Kind.FOLDER : Kind.FILE;
      case '5' -> Kind.FOLDER;
      default -> Kind.OTHER;
    };
  }

  private String text(int from, int length) {
    int end = from;
    while (end < from + length && block[end] != 0) {
      end++;
    }
    return new String(block, from, end - from, StandardCharsets.UTF_8);
  }

  /** Octal digits between blanks, or GNU's binary form, which the highest bit tells. */
  private long number(int from, int length) throws IOException {
    if ((block[from] & 0x80) != 0) {
      return binary(from, length);
    }
    String digits = text(from, length).strip();
    if (!digits.matches("[0-7]{0,12}")) {
      throw new IOException("a member's header has a number that is none");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private long binary(int from, int length) throws IOException {
    long value = block[from] & 0x7f;
    for (int i = from + 1; i < from + length; i++) {
      if (value > Long.MAX_VALUE >>> 8) {
        throw new IOException("a member's header has a number that is too large");
      }
      value = (value << 8) | (block[i] & 0xff);
    }
    return value;
  }
}
