package io.involution.layers.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is computed side by side has the bits of what is computed one after the other. */
class FloatSumsTest {
  private final SplittableRandom random = new SplittableRandom(8);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 511, 512})
  void threeDotsAreThreeTimesOne(int count) {
    float[] left = draw(600);
    float[][] right = {draw(600), draw(600), draw(600)};
    double[] totals = {1, 2, 3, 4};

    FloatSums.addDots(totals, 1, left, right, 17, 17 + count);

    assertThat(totals)
        .containsExactly(
            1,
            2 + FloatSums.dot(left, right[0], 17, 17 + count),
            3 + FloatSums.dot(left, right[1], 17, 17 + count),
            4 + FloatSums.dot(left, right[2], 17, 17 + count));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 511, 512})
  void threeLinesAreCombinedAsAnyNumberIs(int count) {
    float[][] lines = {draw(600), draw(600), draw(600)};
    float[] factors = draw(3);
    float[] together = draw(600);
    float[] alone = together.clone();

    FloatLoops.combine(together, factors, lines, 17, 17 + count);
    Arrays.fill(alone, 17, 17 + count, 0f);
    for (int line = 0; line < 3; line++) {
      FloatLoops.addScaled(alone, factors[line], lines[line], 17, 17 + count);
    }

    assertThat(together).isEqualTo(alone);
  }

  private float[] draw(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }
}
