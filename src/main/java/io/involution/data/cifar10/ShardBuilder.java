package io.involution.data.cifar10;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardRange;

/** Builds a shard from the records of several files, in any order. */
final class ShardBuilder {
  private static final int PIXELS = ImageShape.CIFAR10.pixels();

  private final ShardRange range;
  private final CifarKind kind;
  private final byte[] pixels;
  private final short[] labels;
  private int size;

  ShardBuilder(ShardRange range, CifarKind kind) {
    this.range = range;
    this.kind = kind;
    pixels = new byte[Math.multiplyExact(range.size(), PIXELS)];
    labels = new short[range.size()];
  }

  /** Adds the first {@code count} records of a buffer, the first of which is {@code example}. */
  void add(byte[] buffer, int example, int count) {
    for (int i = 0; i < count; i++) {
      int record = i * kind.record();
      int place = example - range.from() + i;
      labels[place] = buffer[record + kind.labelAt()];
      System.arraycopy(buffer, record + kind.labelBytes(), pixels, place * PIXELS, PIXELS);
    }
    size += count;
  }

  /** Whether all examples of the range have been added. */
  boolean isComplete() {
    return size == labels.length;
  }

  /** The complete shard. */
  Shard build() {
    if (!isComplete()) {
      throw new IllegalStateException(size + " of " + labels.length + " examples were read");
    }
    return new Shard(ImageShape.CIFAR10, kind.classes().size(), pixels, labels);
  }
}
