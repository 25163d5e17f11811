package io.involution.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private static Shard shard(int... labels) {
    short[] stored = new short[labels.length];
    for (int i = 0; i < labels.length; i++) {
      stored[i] = (short) labels[i];
    }
    return new Shard(new ImageShape(1, 1, 1), 4, new byte[labels.length], stored);
  }

  @Test
  void classesAreCountedOverAllWorkers() {
    long[] first = Shards.classCounts(shard(0, 0, 3, 0));
    long[] second = Shards.classCounts(shard(1, 0));

    assertThat(Shards.sum(first, second)).containsExactly(4, 1, 0, 1);
    assertThat(first).containsExactly(3, 0, 0, 1);
  }
}
