package io.involution.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.training.ExchangeChoice;
import io.involution.failure.InputException;
import io.involution.plan.Prediction.Parts;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The formula against values worked out by hand. */
class RoundModelTest {
  private static final double CLOSE = 1e-12;

  /** A state of 1 MB; a step of 10 examples takes 20 ms. */
  static final Coefficients COEFFICIENTS =
      new Coefficients(
          "paper",
          Map.of("net", new NetworkCosts(1_000_000, new Line(0.01, 0.001), 1.25, 0.002)),
          new Line(0.001, 1e-9),
          new Line(0.002, 2e-9),
          new Line(0.010, 0.001),
          new ExchangeCosts(3e-9, 1e-9, 1e-4));

  private static final RoundModel MODEL = new RoundModel(COEFFICIENTS);
  private static final Work WORK = new Work("net", 10, 5);

  /** 10^9 bytes a second. */
  private static Prediction predict(int workers, int slots, ExchangeChoice exchange) {
    return MODEL.predict(new Cluster(workers, slots, 8, exchange), WORK);
  }

  @Test
  void collectsEveryUpdateOnTheDriver() {
    Parts parts = predict(8, 4, ExchangeChoice.COLLECT).parts();

    assertThat(parts.compute()).isCloseTo(2 * 5 * 0.02, within(CLOSE));
    assertThat(parts.copy()).isCloseTo(2 * 0.002, within(CLOSE));
    // A millisecond on the link and one from task to task: e executors ask before one has it.
    double spread = (Math.E - 1) * 0.001 + 0.001;
    assertThat(parts.broadcast()).isCloseTo(0.002 + spread + 0.004, within(CLOSE));
    assertThat(parts.exchange()).isCloseTo(8 * (0.003 + 0.001 + 0.001), within(CLOSE));
    assertThat(parts.scheduling()).isCloseTo(0.018, within(CLOSE));
  }

  @Test
  void shufflesSlicesBetweenTheExecutors() {
    Parts parts = predict(8, 4, ExchangeChoice.SHUFFLE).parts();

    double worker = 0.003 + 0.001 + 0.001 + 8 * 1e-4;
    assertThat(parts.exchange()).isCloseTo(2 * worker + 0.003 + 0.001, within(CLOSE));
    assertThat(parts.scheduling()).isCloseTo(2 * 0.018, within(CLOSE));
    assertThat(parts.compute()).isCloseTo(0.2, within(CLOSE));
  }

  /** 256 MiB are 268.4 MB. */
  @Test
  void takesTheExchangeThatTrainTakes() {
    assertThat(predict(268, 4, ExchangeChoice.AUTO))
        .isEqualTo(predict(268, 4, ExchangeChoice.COLLECT));
    assertThat(predict(269, 4, ExchangeChoice.AUTO))
        .isEqualTo(predict(269, 4, ExchangeChoice.SHUFFLE));
    assertThat(predict(1, 4, ExchangeChoice.SHUFFLE))
        .isEqualTo(predict(1, 4, ExchangeChoice.COLLECT));
  }

  @Test
  void slotsBeyondTheWorkersAreOneWave() {
    assertThat(new Cluster(64, Integer.MAX_VALUE, 8, ExchangeChoice.AUTO).waves()).isEqualTo(1);
    assertThat(new Cluster(9, 4, 8, ExchangeChoice.AUTO).waves()).isEqualTo(3);
    assertThat(new Cluster(8, 4, 8, ExchangeChoice.AUTO).waves()).isEqualTo(2);
  }

  @Test
  void oneWorkerHasTheMachineToItself() {
    assertThat(predict(1, 8, ExchangeChoice.COLLECT).parts().compute())
        .isCloseTo(5 * 0.016, within(CLOSE));
    assertThat(predict(2, 1, ExchangeChoice.COLLECT).parts().compute())
        .isCloseTo(2 * 5 * 0.016, within(CLOSE));
    assertThat(predict(2, 2, ExchangeChoice.COLLECT).parts().compute())
        .isCloseTo(5 * 0.02, within(CLOSE));
  }

  @Test
  void aSlowDriverLinkServesEveryExecutor() {
    Cluster slow = new Cluster(6, 6, 0.008, ExchangeChoice.COLLECT);

    assertThat(MODEL.spread(slow, 1e6)).isCloseTo(6 * 1.0, within(CLOSE));
    // Of three blocks only the first comes from the driver for all.
    double block = (4 << 20) / 1e6;
    assertThat(MODEL.spread(slow, 12 << 20)).isCloseTo(5 * block + 3 * block, within(1e-9));
  }

  @Test
  void oneMachineHasNoNetwork() {
    Cluster machine = new Cluster(4, 2, Double.POSITIVE_INFINITY, ExchangeChoice.COLLECT);

    assertThat(MODEL.spread(machine, 1e9)).isZero();
    assertThat(MODEL.predict(machine, WORK).parts().exchange()).isCloseTo(0.016, within(CLOSE));
  }

  /** 70.7 ms beside 40 ms a step: 19 / 40 x 70.7 is 33.6. */
  @Test
  void findsThePeriodThatHidesTheOverhead() {
    Prediction round = predict(8, 4, ExchangeChoice.COLLECT);

    assertThat(round.parts().overhead()).isCloseTo(0.06 + 0.008 + Math.E / 1000, within(CLOSE));
    assertThat(round.smallestPeriod(0.05)).isEqualTo(34);
  }

  @RepeatedTest(20)
  void noSmallerPeriodWouldDo() {
    Random random = new Random();
    Parts parts =
        new Parts(0.01 + random.nextDouble(), random.nextDouble(), 0, random.nextDouble(), 0.1);
    int period = 1 + random.nextInt(20);
    Prediction round = new Prediction(new Work("net", 1, period), 2, ExchangeChoice.COLLECT, parts);
    double step = parts.compute() / period;

    long smallest = round.smallestPeriod(0.05);

    assertThat(parts.overhead() / (parts.overhead() + smallest * step)).isLessThan(0.05);
    assertThat(parts.overhead() / (parts.overhead() + (smallest - 1) * step))
        .isGreaterThanOrEqualTo(0.05 - CLOSE);
  }

  @Test
  void aNetworkThatWasNotMeasuredIsNamed() {
    Cluster cluster = new Cluster(1, 1, 1, ExchangeChoice.AUTO);

    assertThatThrownBy(() -> MODEL.predict(cluster, new Work("other", 1, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("no network other", "plan --measure FILE --model other");
  }
}
