package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassWeightsTest {
  @Test
  void everyClassHasTheSameShareOfTheLossAndTheMeanWeightIsOne() {
    long[] counts = {1, 10, 0, 89};

    double[] weights = ClassWeights.balanced(counts);

    assertThat(weights[2]).isZero();
    double sum = 0;
    for (int label : new int[] {0, 1, 3}) {
      assertThat(counts[label] * weights[label]).isCloseTo(100 / 3.0, within(1e-12));
      sum += counts[label] * weights[label];
    }
    assertThat(sum / 100).isCloseTo(1, within(1e-12));
  }

  @Test
  void classesOfEqualSizeHaveNoWeights() {
    assertThat(ClassWeights.balanced(new long[] {6, 6, 6})).containsExactly(1, 1, 1);
  }
}
