package io.involution.spark.examples;

import io.involution.data.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Digests of examples. */
final class ContentDigest {
  private static final BigInteger RANGE = BigInteger.ONE.shiftLeft(256);
  private static final int HEADER = 4 * Integer.BYTES;

  private ContentDigest() {}

  /** The digest of what training sees of an example. */
  static byte[] of(int label, Example.Image image) {
    MessageDigest digest = Sha256.start();
    digest.update(
        ByteBuffer.allocate(HEADER)
            .putInt(label)
            .putInt(image.shape().channels())
            .putInt(image.shape().height())
            .putInt(image.shape().width())
            .array());
    return digest.digest(image.pixels());
  }

  /** A number for an example and its place; the sum of a set's does not depend on any order. */
  static BigInteger number(ExampleKey key) {
    MessageDigest digest = Sha256.start();
    digest.update(key.content());
    return new BigInteger(1, digest.digest(key.order()));
  }

  /** Adds such numbers. */
  static BigInteger sum(BigInteger a, BigInteger b) {
    return a.add(b).mod(RANGE);
  }

  /**
   * Whether an example belongs to the test examples.
   *
   * @param seed selects other ones
   * @param identity the path or the content that decides
   * @param share of all examples, 0 to 1
   */
  static boolean isTest(long seed, byte[] identity, double share) {
    MessageDigest digest = Sha256.start();
    digest.update("split".getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
    long bits = ByteBuffer.wrap(digest.digest(identity)).getLong();
    return (bits >>> 11) * 0x1p-53 < share;
  }
}
