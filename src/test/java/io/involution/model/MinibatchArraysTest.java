package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Minibatches of more sizes than are kept. */
class MinibatchArraysTest {
  private static final int MOST = 64;
  private static final Shard SHARD = ShardFixture.random(MOST, 12);

  private static int[] order() {
    return IntStream.range(0, MOST).toArray();
  }

  /** Against arrays of which nobody knows another size. */
  private static void assertHolds(Minibatch minibatch, int from, int to) {
    try (Minibatch fresh = new Minibatch()) {
      fresh.load(SHARD, order(), from, to);
      assertThat(minibatch.images()).isEqualTo(fresh.images());
      assertThat(minibatch.labels()).isEqualTo(fresh.labels());
    }
  }

  /** ML pipelines classify partitions whose last minibatches have any size. */
  @Test
  void arraysOfSizesThatAreNoLongerUsedAreClosed() {
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, order(), 0, 1);
      INDArray images = minibatch.images();
      INDArray labels = minibatch.labels();
      for (int size = 1; size <= MOST; size++) {
        minibatch.load(SHARD, order(), 0, size);
        assertThat(minibatch.kept()).isLessThanOrEqualTo(MinibatchArrays.MOST);
        assertHolds(minibatch, 0, size);
      }
      assertThat(images.wasClosed()).isTrue();
      assertThat(labels.wasClosed()).isTrue();
      minibatch.load(SHARD, order(), 5, 7);
      assertHolds(minibatch, 5, 7);
    }
  }

  @Test
  void arraysOfASizeThatIsUsedAgainAndAgainStay() {
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, order(), 0, MOST);
      INDArray images = minibatch.images();
      for (int size = 1; size < MOST; size++) {
        minibatch.load(SHARD, order(), 0, size);
        minibatch.load(SHARD, order(), 0, MOST);
        assertThat(minibatch.images()).isSameAs(images);
      }
      assertHolds(minibatch, 0, MOST);
    }
  }

  @Test
  void examplesNeverTakeThePlaceOfImagesThatWereAdded() {
    ImageShape image = ImageShape.CIFAR10;
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.reserve(image, 1);
      minibatch.add(image, Arrays.copyOf(SHARD.pixels(), image.pixels()), 0);
      for (int size = 1; size <= MOST; size++) {
        minibatch.load(SHARD, order(), 0, size);
      }
      minibatch.take(1);
      INDArray added = minibatch.images();
      minibatch.load(SHARD, order(), 0, 1);
      assertThat(added).isEqualTo(minibatch.images());
    }
  }
}
