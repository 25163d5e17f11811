package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.Augmentation;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.ImageView.Square;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.train.time.Views;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
    long[] views = views("flip,shift:4,cutout:6", System.nanoTime());
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
          Square square = view.cutout();
          assertThat(square.size()).isEqualTo(6);
          for (int y = square.row(); y < square.row() + 6; y++) {
            for (int x = square.column(); x < square.column() + 6; x++) {
              canvas[4 + y][4 + x] = 0;
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

  /** By indices that walk back where they reach the border, instead of a formula. */
  @Test
  void reflectedImagesGoOnBeyondTheirBorder() {
    int[] order = {3};
    for (int shift : new int[] {-5, 0, 7}) {
      ImageView view = new ImageView(shift > 0, shift, -shift, true, Square.NONE);
      long[] views = new long[7];
      views[3] = view.code();
      try (Minibatch minibatch = new Minibatch()) {
        minibatch.load(SHARD, order, views, 0, 1);
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            int column = walk(x, shift);
            int place = walk(y, -shift) * 32 + (shift > 0 ? 31 - column : column);
            assertThat(minibatch.images().getFloat(0, 0, y, x))
                .isEqualTo((SHARD.pixels()[3 * 3072 + place] & 0xff) / 255f);
          }
        }
      }
    }
  }

  private static int walk(int from, int steps) {
    int place = from;
    int direction = Integer.signum(steps);
    for (int i = 0; i < Math.abs(steps); i++) {
      if (place + direction < 0 || place + direction > 31) {
        direction = -direction;
      }
      place += direction;
    }
    return place;
  }

  /** Zero to the network, which is the mean, and not black. */
  @Test
  void whatIsCutOutIsZeroAfterNormalization() {
    Normalization numbers = new Normalization(List.of(0.5, 0.25, 0.125), List.of(0.2, 0.3, 0.4));
    Square square = new Square(5, 9, 4);
    long[] views = new long[7];
    views[2] = new ImageView(false, 0, 0, false, square).code();
    try (Minibatch cut = new Minibatch(numbers);
        Minibatch whole = new Minibatch(numbers)) {
      cut.load(SHARD, new int[] {2}, views, 0, 1);
      whole.load(SHARD, new int[] {2}, 0, 1);
      for (int i = 0; i < 3072; i++) {
        float expected = whole.images().data().getFloat(i);
        assertThat(cut.images().data().getFloat(i))
            .isEqualTo(square.holds(i / 32 % 32, i % 32) ? 0 : expected);
      }
    }
  }

  private static long[] views(String augmentation, long seed) {
    return new Views(Augmentation.parse(augmentation), seed, 1, 0).of(7, SHARD.image());
  }

  /** In double, and rounded once, channel by channel; what a shift brings in is black. */
  @Test
  void pixelsAreNormalizedByChannel() {
    Normalization numbers = new Normalization(List.of(0.5, 0.25, 0.125), List.of(0.2, 0.3, 0.4));
    int[] order = {2};
    long[] views = views("true", 1);
    try (Minibatch normalized = new Minibatch(numbers);
        Minibatch plain = new Minibatch()) {
      for (long[] seen : List.of(new long[0], views)) {
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

  /** As classify adds them: planes, or the channels of each pixel side by side. */
  @Test
  void imagesAddedOneByOneAreTheSameAsThoseOfAShard() {
    Normalization numbers = new Normalization(List.of(0.5, 0.25, 0.125), List.of(0.2, 0.3, 0.4));
    for (int channels = 1; channels <= ImageShape.MOST_CHANNELS; channels++) {
      ImageShape image = new ImageShape(channels, 5, 3);
      byte[] planes = new byte[3 * image.pixels()];
      new Random(channels).nextBytes(planes);
      Normalization used = channels == 3 ? numbers : Normalization.NONE;
      try (Minibatch loaded = new Minibatch(used);
          Minibatch added = new Minibatch(used)) {
        loaded.load(new Shard(image, 2, planes, new short[3]), new int[] {0, 1, 2}, 0, 3);
        added.reserve(image, 3);
        for (int place = 0; place < 3; place++) {
          byte[] one =
              Arrays.copyOfRange(planes, place * image.pixels(), (place + 1) * image.pixels());
          if (place == 1) {
            added.add(image, one, place);
          } else {
            added.addInterleaved(image, interleaved(image, one), place);
          }
        }
        added.take(3);
        assertThat(added.images()).isEqualTo(loaded.images());
        added.take(2);
        loaded.load(new Shard(image, 2, planes, new short[3]), new int[] {0, 1}, 0, 2);
        assertThat(added.images()).isEqualTo(loaded.images());
      }
    }
  }

  private static byte[] interleaved(ImageShape image, byte[] planes) {
    byte[] bytes = new byte[planes.length];
    for (int i = 0; i < planes.length; i++) {
      bytes[i % image.plane() * image.channels() + i / image.plane()] = planes[i];
    }
    return bytes;
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
