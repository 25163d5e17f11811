package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageView;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.train.time.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class MinibatchTest {
  private static final Shard SHARD = ShardFixture.random(7, 11);

  private static void assertHolds(Minibatch minibatch, int... examples) {
    INDArray images = minibatch.images();
    INDArray labels = minibatch.labels();
    assertThat(images.shape()).containsExactly(examples.length, 3, 32, 32);
    assertThat(labels.shape()).containsExactly(examples.length, 10);
    assertThat(images.dataType()).isEqualTo(DataType.FLOAT);
    for (int i = 0; i < examples.length; i++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            int pixel =
                Byte.toUnsignedInt(SHARD.pixels()[examples[i] * 3072 + c * 1024 + y * 32 + x]);
            assertThat(images.getFloat(i, c, y, x)).isEqualTo(pixel / 255f);
          }
        }
      }
      for (int label = 0; label < 10; label++) {
        assertThat(labels.getFloat(i, label))
            .isEqualTo(label == SHARD.label(examples[i]) ? 1f : 0f);
      }
    }
  }

  @Test
  void examplesComeInTheGivenOrder() {
    int[] order = {6, 2, 0, 5, 1, 3, 4};
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, order, 1, 4);
      assertHolds(minibatch, 2, 0, 5);
      minibatch.load(SHARD, order, 4, 6);
      assertHolds(minibatch, 1, 3);
      minibatch.load(SHARD, order, 0, 3);
      assertHolds(minibatch, 6, 2, 0);
    }
  }

  /** Pixel by pixel against the shifted, mirrored image written out on a larger canvas. */
  @Test
  void imagesAreLookedAtAsTheirViewsSay() {
    int[] order = {6, 2, 0, 5, 1, 3, 4};
    int[] views = Seeds.views(7, System.nanoTime(), 1, 0);
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, order, views, 1, 6);
      for (int i = 0; i < 5; i++) {
        int example = order[1 + i];
        ImageView view = ImageView.of(views[example]);
        for (int c = 0; c < 3; c++) {
          float[][] canvas = new float[40][40];
          for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
              int pixel = SHARD.pixels()[example * 3072 + c * 1024 + y * 32 + x] & 0xff;
              int column = view.flip() ? 31 - x : x;
              canvas[4 + y + view.down()][4 + column + view.right()] = pixel / 255f;
            }
          }
          for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
              assertThat(minibatch.images().getFloat(i, c, y, x))
                  .as("%s, plane %d, row %d, column %d", view, c, y, x)
                  .isEqualTo(canvas[4 + y][4 + x]);
            }
          }
        }
      }
    }
  }

  /** In double, and rounded once, channel by channel; what a shift brings in is black. */
  @Test
  void pixelsAreNormalizedByChannel() {
    Normalization numbers = new Normalization(List.of(0.5, 0.25, 0.125), List.of(0.2, 0.3, 0.4));
    int[] order = {2};
    int[] views = Seeds.views(7, 1, 1, 0);
    try (Minibatch normalized = new Minibatch(numbers);
        Minibatch plain = new Minibatch()) {
      for (int[] seen : List.of(new int[0], views)) {
        normalized.load(SHARD, order, seen, 0, 1);
        plain.load(SHARD, order, seen, 0, 1);
        for (int i = 0; i < 3072; i++) {
          int channel = i / 1024;
          long value = Math.round(255.0 * plain.images().data().getFloat(i));
          double expected =
              (value / 255.0 - numbers.mean(channel)) / numbers.standardDeviation(channel);
          assertThat(normalized.images().data().getFloat(i)).isEqualTo((float) expected);
        }
      }
    }
  }

  @Test
  void arraysOfASizeAreKept() {
    int[] order = {0, 1, 2, 3, 4, 5, 6};
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, order, 0, 3);
      INDArray images = minibatch.images();
      minibatch.load(SHARD, order, 3, 5);
      assertThat(minibatch.images()).isNotSameAs(images);
      minibatch.load(SHARD, order, 4, 7);
      assertThat(minibatch.images()).isSameAs(images);
      assertHolds(minibatch, 4, 5, 6);
    }
  }

  @Test
  void everyPixelValueIsScaledAsFloat32Divides() {
    byte[] pixels = new byte[3072];
    for (int i = 0; i < 256; i++) {
      pixels[i] = (byte) i;
    }
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(ShardFixture.of(pixels, new short[] {9}), new int[] {0}, 0, 1);

      float[] values = minibatch.images().data().asFloat();
      for (int i = 0; i < 256; i++) {
        assertThat(values[i]).isEqualTo((float) (i / 255.0));
      }
      assertThat(values[255]).isEqualTo(1f);
      assertThat(minibatch.labels().toFloatVector()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }
  }
}
