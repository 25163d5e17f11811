package io.involution.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Archives that unpack to far more than they seem. */
final class TarBomb {
  private static final int MOST_WRITTEN = 1 << 24;

  private TarBomb() {}

  /** A member of a declared size, of which as much is there as a test can wait for. */
  static byte[] of(String name, long declared) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(header, 512, "UTF-8");
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(declared);
    tar.putArchiveEntry(entry);
    tar.flush();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(header.toByteArray());
      gzip.write(new byte[(int) Math.min(MOST_WRITTEN, declared)]);
    }
    return bytes.toByteArray();
  }

  /** A whole archive and so many zeros after it. */
  static byte[] after(byte[] archive, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes);
        GZIPInputStream whole = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      whole.transferTo(gzip);
      gzip.write(new byte[zeros]);
    }
    return bytes.toByteArray();
  }
}
