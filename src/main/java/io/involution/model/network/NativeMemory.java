package io.involution.model.network;

import io.involution.data.ImageShape;
import java.util.Map;

/**
 * The memory outside the heap without which a task cannot train or evaluate a network on the CPU:
 * what JavaCPP counts against {@code -Dorg.bytedeco.javacpp.maxbytes}. Only the convolutions'
 * matrices count; the small involution networks take less than 12 MB. The numbers were measured,
 * and {@code NativeMemoryTest} measures them again.
 */
public final class NativeMemory {
  /** What the convolutions of each network take; of no other network is much known to be taken. */
  private static final Map<NetworkKind, Taken> TAKEN =
      Map.of(
          NetworkKind.CONVOLUTION, new Taken(15.7e6, 950e3, 112_198),
          NetworkKind.DEEP_CONVOLUTION, new Taken(218e6, 27e6, 900e3),
          NetworkKind.RESNET, new Taken(95e6, 5.9e6, 510e3));

  /**
   * Bytes for images of CIFAR-10.
   *
   * @param chunk for the largest chunk of images that a layer computes at once
   * @param chunkAnExample for each image of a smaller one
   * @param anExample for each image of a minibatch
   */
  private record Taken(double chunk, double chunkAnExample, double anExample) {}

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
    Taken taken = TAKEN.get(kind);
    if (taken == null) {
      return 0;
    }
    double size = image.plane() / (double) ImageShape.CIFAR10.plane();
    double chunk =
        Math.min(taken.chunk() * Math.min(1, size), taken.chunkAnExample() * size * examples);
    return (long) (chunk + taken.anExample() * size * examples);
  }
}
