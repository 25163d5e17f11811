package io.involution.data.cifar10;

import io.involution.data.Digests;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts and digests the bytes that are read from a file, and remembers why they ended early. */
final class CountingStream extends FilterInputStream {
  private final Digests digests;
  private long position;
  private IOException broken;

  /**
   * Watches a stream.
   *
   * @param digests is given every byte; null for none
   */
  CountingStream(InputStream in, Digests digests) {
    super(in);
    this.digests = digests;
  }

  /** Number of bytes read so far. */
  long position() {
    return position;
  }

  /** Throws what the file's own stream threw, whatever its readers have made of that. */
  void requireUnbroken() throws IOException {
    if (broken != null) {
      throw broken;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try {
      count = super.read(buffer, offset, length);
    } catch (IOException e) {
      broken = e;
      throw e;
    }
    if (count > 0) {
      position += count;
      if (digests != null) {
        digests.update(buffer, offset, count);
      }
    }
    return count;
  }

  /** Leaves the file open: its owner closes it, and may digest the rest of it first. */
  @Override
  public void close() {}
}
