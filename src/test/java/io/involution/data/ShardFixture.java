package io.involution.data;

import java.util.Random;

/** Small shards of random examples. */
public final class ShardFixture {
  private ShardFixture() {}

  /** So many examples of random pixels and labels, the same for the same seed. */
  public static Shard random(int size, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * ImageShape.PIXELS];
    random.nextBytes(pixels);
    byte[] labels = new byte[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) random.nextInt(ImageShape.CLASSES);
    }
    return new Shard(pixels, labels);
  }
}
