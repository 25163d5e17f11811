package io.involution.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void takesTheMiddleOfAnOddNumber() {
    assertThat(Spread.of(5, 1, 2)).isEqualTo(new Spread(2, 1, 5));
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Spread.of(8, 1, 2, 4)).isEqualTo(new Spread(3, 1, 8));
  }

  @Test
  void dividesRoundByRound() {
    double[] ours = {1, 20, 3};
    double[] theirs = {2, 10, 4};
    assertThat(Spread.ofRatios(ours, theirs)).isEqualTo(new Spread(0.75, 0.5, 2));
  }

  @Test
  void refusesRoundsThatDoNotBelongTogether() {
    assertThatThrownBy(() -> Spread.ofRatios(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void formatsMedianAndRange() {
    assertThat(new Spread(0.75, 0.5, 2).format(2)).isEqualTo("0.75 (0.50-2.00)");
  }
}
