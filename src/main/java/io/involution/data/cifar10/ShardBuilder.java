package io.involution.data.cifar10;

import io.involution.data.ImageShape;
import io.involution.data.Shard;

/** Builds a shard from the records of several files, in order. */
final class ShardBuilder {
  private final byte[] pixels;
  private final byte[] labels;
  private int size;

  ShardBuilder(int examples) {
    pixels = new byte[Math.multiplyExact(examples, ImageShape.PIXELS)];
    labels = new byte[examples];
  }

  /** Adds the first {@code count} records of a buffer. */
  void add(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      int record = i * Cifar10Format.RECORD;
      labels[size] = buffer[record];
      System.arraycopy(buffer, record + 1, pixels, size * ImageShape.PIXELS, ImageShape.PIXELS);
      size++;
    }
  }

  /** The complete shard. */
  Shard build() {
    if (size != labels.length) {
      throw new IllegalStateException(size + " of " + labels.length + " examples were read");
    }
    return new Shard(pixels, labels);
  }
}
