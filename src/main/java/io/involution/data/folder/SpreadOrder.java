package io.involution.data.folder;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * The order of a folder's images: those of a class by their paths, and the classes in turn, each as
 * evenly as its number of images allows. So every part of the order, such as a worker's shard or
 * the first thousand images, holds all classes in about their proportions.
 */
public final class SpreadOrder {
  private SpreadOrder() {}

  /**
   * The place of an image, as bytes to compare as unsigned numbers: (2 index + 1) / (2 count) in 62
   * binary places, then the label.
   *
   * @param index its place among the images of its class, from 0
   * @param count the number of images of its class
   * @param label its class, which decides between equal places
   */
  public static byte[] key(int index, int count, int label) {
    long place =
        BigInteger.valueOf(2L * index + 1)
            .shiftLeft(62)
            .divide(BigInteger.valueOf(2L * count))
            .longValueExact();
    return ByteBuffer.allocate(Long.BYTES + Short.BYTES)
        .putLong(place)
        .putShort((short) label)
        .array();
  }
}
