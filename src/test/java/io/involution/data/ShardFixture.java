package io.involution.data;

import java.util.Random;

/** Small shards of random examples. */
public final class ShardFixture {
  private ShardFixture() {}

  /** So many examples of random pixels and labels, the same for the same seed. */
  public static Shard random(int size, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * ImageShape.CIFAR10.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (short) random.nextInt(DataSchema.CIFAR10.classCount());
    }
    return of(pixels, labels);
  }

  /** So many examples of random pixels, whose labels take turns; their number is the seed. */
  public static Shard inTurns(int size, int labels) {
    byte[] pixels = new byte[size * ImageShape.CIFAR10.pixels()];
    new Random(size).nextBytes(pixels);
    short[] turns = new short[size];
    for (int i = 0; i < size; i++) {
      turns[i] = (short) (i % labels);
    }
    return of(pixels, turns);
  }

  /** Examples of CIFAR-10. */
  public static Shard of(byte[] pixels, short[] labels) {
    return new Shard(ImageShape.CIFAR10, DataSchema.CIFAR10.classCount(), pixels, labels);
  }
}
