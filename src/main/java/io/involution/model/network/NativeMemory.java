package io.involution.model.network;

import io.involution.data.ImageShape;

/**
 * The memory outside the heap without which a task cannot train or evaluate a network on the CPU:
 * what JavaCPP counts against {@code -Dorg.bytedeco.javacpp.maxbytes}. Only the convolutions'
 * matrices count; involutions take less than 12 MB. The numbers were measured, and {@code
 * NativeMemoryTest} measures them again.
 */
public final class NativeMemory {
  /** For the largest chunk of images that a layer computes at once. */
  private static final double CHUNK = 15.7e6;

  private static final double CHUNK_AN_EXAMPLE = 950e3;
  private static final double AN_EXAMPLE = 112_198;

  /** Test examples that are evaluated at once. */
  public static final int EVALUATED = 256;

  private NativeMemory() {}

  /**
   * Bytes that a task needs at least.
   *
   * @param kind the network
   * @param image the shape of its images
   * @param examples size of the largest minibatch
   */
  public static long least(NetworkKind kind, ImageShape image, int examples) {
    if (kind != NetworkKind.CONVOLUTION) {
      return 0;
    }
    double size = image.plane() / (double) ImageShape.CIFAR10.plane();
    double chunk = Math.min(CHUNK * Math.min(1, size), CHUNK_AN_EXAMPLE * size * examples);
    return (long) (chunk + AN_EXAMPLE * size * examples);
  }
}
