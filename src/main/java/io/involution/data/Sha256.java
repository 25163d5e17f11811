package io.involution.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which identifies data, model states and parameters. */
public final class Sha256 {
  private Sha256() {}

  /** The digest of the first {@code length} bytes of an array, 32 bytes. */
  public static byte[] of(byte[] bytes, int length) {
    MessageDigest digest = start();
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /** The digest of an array in lower-case hexadecimal. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes, bytes.length));
  }

  /** A new digest. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
