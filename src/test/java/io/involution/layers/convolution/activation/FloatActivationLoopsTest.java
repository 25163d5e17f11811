package io.involution.layers.convolution.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.convolution.activation.ActivationLoops.Places;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast loops give the bits of the definitions, for ties, infinities, -0 and NaN too. */
class FloatActivationLoopsTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xffc00000),
    Float.intBitsToFloat(0xff800001),
    Float.intBitsToFloat(-1),
    Float.intBitsToFloat(Integer.MAX_VALUE)
  };

  private static final double NONE = Double.NEGATIVE_INFINITY;
  private static final byte UNTOUCHED = 77;

  private final ActivationLoops<float[]> loops = ActivationLoops.of(FloatArrays.INSTANCE);

  static Stream<OutputLine> lines() {
    return Stream.of(0.0, NONE)
        .flatMap(
            floor ->
                Stream.of(
                    new OutputLine(0, 1, 0, floor, 0),
                    new OutputLine(3, 7, -0.5, floor, 1),
                    new OutputLine(0, 16, 0.25, floor, 5),
                    new OutputLine(17, 101, 0, floor, 2),
                    new OutputLine(5, 2000, -1, floor, 9),
                    new OutputLine(1, 300, Float.POSITIVE_INFINITY, floor, 0)));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void poolsAsDefined(OutputLine line) {
    Windows<float[]> windows = windows(line);
    Windows<float[]> before = copy(windows);
    byte[] marks = marks(line);
    Windows<float[]> withoutMarks = copy(windows);
    float[] outputs = before.upperLeft().clone();
    byte[] places = marks.clone();
    for (int i = line.at(); i < line.at() + line.count(); i++) {
      float a = before.upperLeft()[i];
      float b = before.upperRight()[i];
      float c = before.lowerLeft()[i];
      float d = before.lowerRight()[i];
      float value = Winners.largest(a, b, c, d) + (float) line.bias();
      outputs[i] = Math.max(value, (float) line.floor());
      places[line.winner() + i - line.at()] =
          Winners.mark(value, (float) line.floor(), Winners.place(a, b, c, d));
    }

    loops.pool(windows, line, marks);
    loops.pool(withoutMarks, line, null);

    assertThat(windows.upperLeft()).containsExactly(outputs);
    assertThat(withoutMarks.upperLeft()).containsExactly(outputs);
    assertThat(marks).containsExactly(places);
    assertThat(bits(windows.lowerRight())).containsExactly(bits(before.lowerRight()));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void activatesAsDefined(OutputLine line) {
    float[] values = windows(line).upperLeft();
    float[] outputs = values.clone();
    byte[] marks = marks(line);
    byte[] places = marks.clone();
    for (int i = line.at(); i < line.at() + line.count(); i++) {
      float value = outputs[i] + (float) line.bias();
      outputs[i] = Math.max(value, (float) line.floor());
      if (line.floor() != NONE) {
        places[line.winner() + i - line.at()] = Winners.mark(value, (float) line.floor(), 0);
      }
    }

    float[] withoutMarks = values.clone();
    loops.activate(values, line, marks);
    loops.activate(withoutMarks, line, null);

    assertThat(values).containsExactly(outputs);
    assertThat(withoutMarks).containsExactly(outputs);
    assertThat(marks).containsExactly(places);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void putsGradientsWhereTheirWinnersAre(OutputLine line) {
    byte[] marks = marks(line);
    Random random = new Random(3);
    for (int i = 0; i < line.count(); i++) {
      marks[line.winner() + i] = (byte) random.nextInt(5);
    }
    Windows<float[]> windows = windows(line);
    float[] gradients = windows.upperLeft().clone();
    float[][] expected = {
      windows.upperLeft().clone(),
      windows.upperRight().clone(),
      windows.lowerLeft().clone(),
      windows.lowerRight().clone()
    };
    float[] products = new float[5 * gradients.length];
    float[] placed = products.clone();
    int[] places = new int[line.count()];
    for (int i = 0; i < line.count(); i++) {
      int mark = marks[line.winner() + i];
      places[i] = 2 * i;
      for (int place = 0; place < 4; place++) {
        expected[place][line.at() + i] = mark == place ? gradients[line.at() + i] : 0;
      }
      if (mark != Winners.INACTIVE) {
        int row = mark / 2 * 2 * gradients.length;
        placed[1 + places[i] + row + mark % 2] = gradients[line.at() + i];
      }
    }

    loops.scatter(gradients, line, marks, products, new Places(places, 1, 2 * gradients.length));
    loops.unpool(windows, line, marks);

    assertThat(bits(products)).containsExactly(bits(placed));
    assertThat(bits(windows.upperLeft())).containsExactly(bits(expected[0]));
    assertThat(bits(windows.upperRight())).containsExactly(bits(expected[1]));
    assertThat(bits(windows.lowerLeft())).containsExactly(bits(expected[2]));
    assertThat(bits(windows.lowerRight())).containsExactly(bits(expected[3]));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void cutsGradientsOff(OutputLine line) {
    byte[] marks = marks(line);
    Random random = new Random(4);
    float[] gradients = windows(line).upperLeft();
    float[] expected = gradients.clone();
    for (int i = 0; i < line.count(); i++) {
      boolean cut = random.nextBoolean();
      marks[line.winner() + i] = cut ? Winners.INACTIVE : 0;
      if (cut && line.floor() != NONE) {
        expected[line.at() + i] = 0;
      }
    }

    loops.deactivate(gradients, line, marks);

    assertThat(bits(gradients)).containsExactly(bits(expected));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void bringsWindowsTogether(OutputLine line) {
    float[] products = windows(line).upperLeft();
    int count = Math.min(line.count(), products.length / 4);
    int[] places = new Random(5).ints(count, 0, products.length / 2 - 3).toArray();
    int below = products.length / 2;
    Windows<float[]> windows = windows(line);

    loops.gather(products, new Places(places, 1, below), windows, count);

    for (int i = 0; i < count; i++) {
      int at = 1 + places[i];
      assertThat(
              new Float[] {
                windows.upperLeft()[i],
                windows.upperRight()[i],
                windows.lowerLeft()[i],
                windows.lowerRight()[i]
              })
          .containsExactly(
              products[at], products[at + 1], products[at + below], products[at + below + 1]);
    }
  }

  private static byte[] marks(OutputLine line) {
    byte[] marks = new byte[line.winner() + line.count() + 1];
    Arrays.fill(marks, UNTOUCHED);
    return marks;
  }

  private static Windows<float[]> windows(OutputLine line) {
    Random random = new Random(line.count());
    int length = line.at() + line.count() + 8;
    return new Windows<>(
        values(random, length),
        values(random, length),
        values(random, length),
        values(random, length));
  }

  private static Windows<float[]> copy(Windows<float[]> windows) {
    return new Windows<>(
        windows.upperLeft().clone(),
        windows.upperRight().clone(),
        windows.lowerLeft().clone(),
        windows.lowerRight().clone());
  }

  /** Half of them special ones, a quarter small whole numbers, which are often equal. */
  private static float[] values(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0, 1 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 2 -> random.nextInt(3) - 1;
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
