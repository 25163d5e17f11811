package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.Augmentation;
import io.involution.cuda.driver.CudaGraph;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ViewFixture;
import io.involution.model.Minibatch;
import io.involution.model.Normalization;
import io.involution.train.time.Views;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loading against {@link Minibatch}, bit by bit. */
class ExamplesOnDeviceTest {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.4, 0.5), List.of(0.2, 0.3));

  @Test
  void loadsWhatTheHostLoads() {
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device());
        Minibatch expected = new Minibatch(NORMALIZATION)) {
      ImageShape image = new ImageShape(2, 9, 13);
      ExamplesOnDevice examples =
          new ExamplesOnDevice(arrays.device(), round, image, NORMALIZATION, 5);
      CudaGraph graph = arrays.device().capture(() -> examples.forward(true));
      int[] bounds = {0, 4, 9, 11};
      for (int size : new int[] {11, 340}) {
        Shard shard = shard(arrays.random(), image, size);
        int[] order = permutation(arrays.random(), size);
        long[] all = IntStream.range(0, size).mapToLong(ViewFixture::any).toArray();
        for (long[] views : List.of(new long[0], all)) {
          try (ShardOnDevice there = new ShardOnDevice(arrays.device(), shard)) {
            round.begin(there, order, views, bounds, new float[0]);
            for (int step = 0; step < 3; step++) {
              arrays.device().write(round.next(), step);
              arrays.device().replay(graph);
              expected.load(shard, order, views, bounds[step], bounds[step + 1]);
              int count = bounds[step + 1] - bounds[step];
              assertThat(arrays.device().readInts(round.header(), 4))
                  .containsExactly(count, bounds[step], step, 0);
              assertThat(
                      arrays
                          .device()
                          .readFloats(examples.output().values(), count * image.pixels()))
                  .as(arrays.seed())
                  .containsExactly(expected.images().data().asFloat());
              assertThat(arrays.device().readInts(examples.labels(), count))
                  .containsExactly(
                      Arrays.stream(order, bounds[step], bounds[step + 1])
                          .map(shard::label)
                          .toArray());
            }
          }
        }
      }
    }
  }

  /** All views of one image that are flipped or shifted by up to four pixels, and others. */
  @Test
  void showsEveryView() {
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device());
        Minibatch expected = new Minibatch()) {
      ImageShape image = new ImageShape(1, 6, 5);
      int[] order = IntStream.range(0, 400).toArray();
      long[] views =
          Arrays.stream(order)
              .mapToLong(i -> i < 162 ? ViewFixture.usual(i) : ViewFixture.any(i))
              .toArray();
      Shard shard = shard(arrays.random(), image, views.length);
      ExamplesOnDevice examples =
          new ExamplesOnDevice(arrays.device(), round, image, Normalization.NONE, views.length);
      try (ShardOnDevice there = new ShardOnDevice(arrays.device(), shard)) {
        round.begin(there, order, views, new int[] {0, views.length}, new float[0]);
        examples.forward(false);
        expected.load(shard, order, views, 0, views.length);
        assertThat(
                arrays
                    .device()
                    .readFloats(examples.output().values(), views.length * image.pixels()))
            .containsExactly(expected.images().data().asFloat());
      }
    }
  }

  /**
   * What every list of {@code --augment} draws, for images of all sizes and numbers of channels.
   */
  @ParameterizedTest
  @CsvSource({
    "true, 3, 32, 32",
    "flip, 1, 1, 1",
    "alternate-flip, 4, 5, 7",
    "shift:2, 3, 31, 3",
    "reflect-shift:1, 1, 2, 2",
    "'flip,reflect-shift:255', 1, 256, 256",
    "'flip,shift:255,cutout:255', 2, 256, 256",
    "'alternate-flip,reflect-shift:6,cutout:3', 2, 7, 200",
    "'alternate-flip,shift:2,cutout:8', 4, 33, 17"
  })
  void showsWhatEveryAugmentationDraws(String list, int channels, int height, int width) {
    Augmentation augmentation = Augmentation.parse(list);
    ImageShape image = new ImageShape(channels, height, width);
    augmentation.requireFor(height, width);
    Normalization normalization =
        new Normalization(Collections.nCopies(channels, 0.4), Collections.nCopies(channels, 0.3));
    int size = Math.max(2, Math.min(60, 600_000 / image.pixels()));
    int[] order = IntStream.range(0, size).toArray();
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device());
        Minibatch expected = new Minibatch(normalization)) {
      Shard shard = shard(arrays.random(), image, size);
      ExamplesOnDevice examples =
          new ExamplesOnDevice(arrays.device(), round, image, normalization, size);
      try (ShardOnDevice there = new ShardOnDevice(arrays.device(), shard)) {
        for (int epoch = 1; epoch <= 2; epoch++) {
          long[] views =
              new Views(augmentation, arrays.random().nextLong(), epoch, 3).of(size, image);
          round.begin(there, order, views, new int[] {0, size}, new float[0]);
          examples.forward(true);
          expected.load(shard, order, views, 0, size);
          long address = examples.output().values();
          float[] shown = arrays.device().readFloats(address, size * image.pixels());
          // To the bit: a whole assertion on so many numbers takes seconds.
          assertThat(Arrays.equals(shown, expected.images().data().asFloat()))
              .as(arrays.seed())
              .isTrue();
        }
      }
    }
  }

  private static Shard shard(Random random, ImageShape image, int size) {
    byte[] pixels = new byte[size * image.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[size];
    IntStream.range(0, size).forEach(i -> labels[i] = (short) random.nextInt(300));
    return new Shard(image, 300, pixels, labels);
  }

  private static int[] permutation(Random random, int size) {
    return random.ints(0, size).distinct().limit(size).toArray();
  }
}
