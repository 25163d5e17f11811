package io.involution.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Damage to a tar and to its gzip, by chance and to the points where readers go wrong. */
public final class TarDamage {
  private static final int BLOCK = 512;
  private static final String[] SIZES = {
    "77777777777", "00000000000", "-0000000005", "99999999999", "37777777777", "           ", "1"
  };
  private static final String[] NAMES = {
    "../../evil", "/etc/passwd", "data_batch_1.bin/", "..", "", "a\\..\\b", "data_batch_1.bin"
  };
  private static final String[] RECORDS = {
    "mtime=1e1000000000",
    "size=99999999999999",
    "size=-1",
    "path=../../evil",
    "path=",
    "GNU.sparse.map=0,1,2",
    "GNU.sparse.size=1e99",
    "hdrcharset=BINARY",
    "linkpath=/etc/passwd"
  };

  private final Random random;

  TarDamage(Random random) {
    this.random = random;
  }

  /** Cuts bytes off, or flips a few bits. */
  byte[] any(byte[] whole) {
    if (random.nextInt(3) == 0) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
    byte[] damaged = whole.clone();
    for (int flips = random.nextInt(4); flips >= 0; flips--) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  /** Changes one header of a tar, with the checksum right again. */
  byte[] header(byte[] tar, int header) {
    byte[] damaged = tar.clone();
    switch (random.nextInt(5)) {
      case 0 -> put(damaged, header + 124, pick(SIZES), 12);
      case 1 -> put(damaged, header, pick(NAMES), 100);
      case 2 -> damaged[header + 156] = (byte) "012345678xgLKSDMNVXAZ\0".charAt(random.nextInt(22));
      case 3 -> {
        byte[] size = new byte[12];
        random.nextBytes(size);
        size[0] |= (byte) 0x80;
        System.arraycopy(size, 0, damaged, header + 124, size.length);
      }
      default -> damaged[header + random.nextInt(BLOCK)] = (byte) random.nextInt(256);
    }
    return withChecksum(damaged, header);
  }

  /** Puts a header of headers before a tar: pax or GNU, with a record that readers trip over. */
  byte[] extended(byte[] tar) {
    String record = pick(RECORDS);
    String line = (record.length() + 4) + " " + record + "\n";
    int size = random.nextInt(4) == 0 ? 1 << random.nextInt(33) : line.length();
    byte[] blocks = new byte[2 * BLOCK];
    put(blocks, 0, "x", 100);
    put(blocks, 124, String.format(Locale.ROOT, "%011o", Integer.toUnsignedLong(size)), 12);
    blocks[156] = (byte) "xgLK".charAt(random.nextInt(4));
    put(blocks, 257, "ustar", 6);
    put(blocks, BLOCK, line, BLOCK);
    byte[] whole = Arrays.copyOf(withChecksum(blocks, 0), blocks.length + tar.length);
    System.arraycopy(tar, 0, whole, blocks.length, tar.length);
    return whole;
  }

  /** A tar whose header at a place has the checksum of its bytes. */
  public static byte[] withChecksum(byte[] tar, int header) {
    byte[] checked = tar.clone();
    Arrays.fill(checked, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = header; i < header + BLOCK; i++) {
      sum += checked[i] & 0xff;
    }
    put(checked, header + 148, String.format(Locale.ROOT, "%06o\0 ", sum), 8);
    return checked;
  }

  private String pick(String[] words) {
    return words[random.nextInt(words.length)];
  }

  private static void put(byte[] tar, int from, String text, int length) {
    byte[] field = Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), length);
    System.arraycopy(field, 0, tar, from, length);
  }
}
