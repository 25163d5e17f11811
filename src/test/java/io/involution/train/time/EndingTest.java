package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.train.time.Ending.Reason;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static int epochs(Ending ending, double... accuracies) {
    for (int epoch = 1; epoch <= accuracies.length; epoch++) {
      assertThat(ending.isAfter(epoch - 1)).as("after epoch %d", epoch - 1).isFalse();
      ending.saw(epoch, accuracies[epoch - 1]);
      if (ending.isAfter(epoch)) {
        return epoch;
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void withoutPatienceOnlyTheLastEpochEnds() {
    Ending ending = new Ending(4, 0);

    assertThat(epochs(ending, 0.5, 0.4, 0.3, 0.2, 0.1)).isEqualTo(4);
    assertThat(ending.reason(4)).isEqualTo(Reason.EPOCHS);
    assertThat(ending.early(4)).isEmpty();
  }

  @Test
  void everyHigherAccuracyBuysAsManyEpochsAgain() {
    Ending ending = new Ending(20, 2);

    assertThat(epochs(ending, 0.1, 0.1, 0.2, 0.19, 0.21, 0.21, 0.21, 0.5)).isEqualTo(7);
    assertThat(ending.reason(7)).isEqualTo(Reason.PATIENCE);
    assertThat(ending.early(7))
        .contains(
            "stopped early after epoch 7 of 20: no validation accuracy above that of epoch 5"
                + " (0.2100) for 2 epochs (--patience)");
  }

  @Test
  void theLastEpochEndsEvenIfPatienceEndsThereToo() {
    Ending ending = new Ending(3, 2);

    assertThat(epochs(ending, 0.3, 0.2, 0.1)).isEqualTo(3);
    assertThat(ending.reason(3)).isEqualTo(Reason.EPOCHS);
  }

  @Test
  void anAccuracyThatIsNotANumberIsNoRise() {
    assertThat(epochs(new Ending(9, 3), Double.NaN, Double.NaN, Double.NaN)).isEqualTo(3);
  }
}
