package io.involution.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes the digests of a file while it is read. */
public final class Digests {
  private final MessageDigest md5 = md5();
  private final MessageDigest sha256 = Sha256.start();
  private long bytes;

  /** Adds bytes of the file. */
  public void update(byte[] buffer, int offset, int length) {
    md5.update(buffer, offset, length);
    sha256.update(buffer, offset, length);
    bytes += length;
  }

  /** Returns the digests of all bytes since the last call, and starts over. */
  public FileDigest finish(String file) {
    HexFormat hex = HexFormat.of();
    FileDigest digest =
        new FileDigest(file, bytes, hex.formatHex(md5.digest()), hex.formatHex(sha256.digest()));
    bytes = 0;
    return digest;
  }

  /** The SHA-256 of a text in lower-case hexadecimal. */
  public static String sha256(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
