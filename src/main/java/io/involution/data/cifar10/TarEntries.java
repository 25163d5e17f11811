package io.involution.data.cifar10;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The entries of a tar, in order. Commons Compress parses it; this class bounds what it may read,
 * and thereby its time and memory, before an entry's name and size are known.
 */
final class TarEntries implements Closeable {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;

  /** All headers of one entry, with its long name and its extended attributes. */
  private static final int MOST_HEADER_BYTES = 1 << 16;

  private final Allowance bytes;
  private final TarArchiveInputStream tar;

  /** Reads the tar that a stream holds, and closes the stream with itself. */
  TarEntries(InputStream in) {
    bytes = new Allowance(in);
    // Blocks of one record, so that what follows the end of the tar is left to the caller.
    tar = new TarArchiveInputStream(bytes, BLOCK, BLOCK, StandardCharsets.UTF_8.name());
  }

  /**
   * Moves on to the next entry, past what is unread of the current one.
   *
   * @return empty at the end of the tar
   * @throws EOFException when the tar is truncated
   * @throws IOException when it is damaged, or an entry's headers are larger than 64 KiB
   */
  Optional<TarArchiveEntry> next() throws IOException {
    TarArchiveEntry current = tar.getCurrentEntry();
    bytes.left = MOST_HEADER_BYTES + (current == null ? 0 : current.getSize());
    try {
      TarArchiveEntry next = tar.getNextEntry();
      if (next != null && !next.isCheckSumOK()) {
        throw new IOException("the checksum of an entry's header is wrong");
      }
      return Optional.ofNullable(next);
    } catch (RuntimeException e) {
      throw new IOException("the header of an entry is malformed", e);
    } finally {
      bytes.left = Long.MAX_VALUE;
    }
  }

  /** The bytes of the current entry. */
  InputStream content() {
    return tar;
  }

  /** Whether an entry is a folder, or a file whose bytes are stored as they are. */
  static boolean isPlain(TarArchiveEntry entry) {
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_DIR -> true;
      case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG ->
          !entry.isSparse()
              && entry.getExtraPaxHeaders().keySet().stream()
                  .noneMatch(key -> key.startsWith("GNU.sparse."));
      default -> false;
    };
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Gives at most {@code left} bytes; its end is an error, since a tar marks its own end. */
  private static final class Allowance extends FilterInputStream {
    private long left;

    Allowance(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      read(one, 0, 1);
      return one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left < length) {
        throw new IOException("the headers of an entry are larger than 64 KiB");
      }
      int count = in.read(buffer, offset, length);
      if (count < 0) {
        throw new EOFException();
      }
      left -= count;
      return count;
    }
  }
}
