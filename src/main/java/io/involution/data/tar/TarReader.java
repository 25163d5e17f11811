package io.involution.data.tar;

import io.involution.data.tar.TarMember.Kind;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a tar from member to member, in a few kilobytes of memory and in time that its length
 * bounds, whatever it holds. The reader that Spark 3.5 brings (commons-compress 1.23) never ends on
 * a header with a certain time in it (CVE-2023-42503) and keeps names of any length.
 */
public final class TarReader extends FilterInputStream {
  private static final int MOST_HEADER_BYTES = 1 << 16;
  private static final int MOST_HEADERS = 8;

  private long left;
  private long padding;

  /** Reads the tar that a stream holds. */
  public TarReader(InputStream in) {
    super(in);
  }

  /**
   * Goes on to the next member, whose bytes this stream then gives.
   *
   * @return empty at the end
   * @throws EOFException when the tar is cut off
   * @throws IOException when it is none
   */
  public Optional<TarMember> next() throws IOException {
    PaxRecords records = PaxRecords.none();
    String longName = null;
    for (int headers = 0; headers < MOST_HEADERS; headers++) {
      in.skipNBytes(left);
      in.skipNBytes(padding);
      enter(0);
      byte[] block = in.readNBytes(TarHeader.BLOCK);
      if (block.length < TarHeader.BLOCK) {
        throw new EOFException();
      }
      if (TarHeader.isEnd(block)) {
        return Optional.empty();
      }
      TarHeader header = TarHeader.of(block);
      enter(header.size());
      switch (header.type()) {
        case 'x' -> records = PaxRecords.read(headerBytes());
        case 'L' -> longName = text(headerBytes());
        case 'g', 'K' -> headerBytes();
        default -> {
          String name = records.name(longName == null ? header.name() : longName);
          enter(records.size(header.size()));
          Kind kind = records.isSparse() ? Kind.OTHER : header.kind(name);
          return Optional.of(new TarMember(name, left, kind));
        }
      }
    }
    throw new IOException("a member has more than " + MOST_HEADERS + " headers");
  }

  private void enter(long size) {
    left = size;
    padding = -size & (TarHeader.BLOCK - 1);
  }

  private byte[] headerBytes() throws IOException {
    if (left > MOST_HEADER_BYTES) {
      throw new IOException("a member's extended header has " + left + " bytes");
    }
    return readNBytes((int) left);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("\0.*", "");
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException();
    }
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
