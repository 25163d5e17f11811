package io.involution.files;

import java.io.IOException;
import java.io.OutputStream;

/** What a file is to hold, written piece by piece: a whole run's metrics need not fit in memory. */
@FunctionalInterface
public interface Content {
  /**
   * Writes all of it; the stream is closed by the caller.
   *
   * @throws IOException when the stream does
   */
  void writeTo(OutputStream out) throws IOException;

  /** The bytes of an array. */
  static Content of(byte[] bytes) {
    return out -> out.write(bytes);
  }
}
