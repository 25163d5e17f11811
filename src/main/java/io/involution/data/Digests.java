package io.involution.data;

import io.involution.data.cifar10.Cifar10Format;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Digests of files and of whole data sets. */
public final class Digests {
  private final MessageDigest md5 = md5();
  private final MessageDigest sha256 = Sha256.start();
  private long bytes;

  /** Adds bytes to the file's digests. */
  public void update(byte[] buffer, int offset, int length) {
    md5.update(buffer, offset, length);
    sha256.update(buffer, offset, length);
    bytes += length;
  }

  /** The digests of all the bytes so far; starts afresh. */
  public FileDigest finish(String file) {
    HexFormat hex = HexFormat.of();
    FileDigest digest =
        new FileDigest(file, bytes, hex.formatHex(md5.digest()), hex.formatHex(sha256.digest()));
    bytes = 0;
    return digest;
  }

  /** SHA-256 of a text, in hex. */
  public static String sha256(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One digest over the data files of a set, the same for a folder and for an archive of them. */
  public static String combined(List<FileDigest> files) {
    StringBuilder lines = new StringBuilder();
    for (String name : Cifar10Format.FILES) {
      for (FileDigest file : files) {
        if (file.file().equals(name)) {
          lines.append(file.sha256()).append("  ").append(name).append('\n');
        }
      }
    }
    return sha256(lines.toString());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
