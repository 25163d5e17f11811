package io.involution.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.ExchangeChoice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table that a person plans by. */
class PlanTableTest {
  private static String table(int workers, ExchangeChoice exchange) {
    Cluster cluster = new Cluster(workers, 4, 8, exchange);
    return table(cluster, new Training(2000, 3), AveragingPeriod.of(5), 0.05);
  }

  private static String table(
      Cluster cluster, Training training, AveragingPeriod period, double share) {
    return new PlanTable(RoundModelTest.COEFFICIENTS, cluster, training, period, share)
        .of("net", count -> 10);
  }

  @Test
  void doublesTheWorkersUpToTheirNumber() {
    assertThat(PlanTable.workers(1)).containsExactly(1);
    assertThat(PlanTable.workers(8)).containsExactly(1, 2, 4, 8);
    assertThat(PlanTable.workers(9)).containsExactly(1, 2, 4, 8, 9);
    assertThat(PlanTable.workers(Integer.MAX_VALUE)).hasSize(32);
  }

  @Test
  void hasTheModelsFiguresInMilliseconds() {
    // 200 + 8.7 + 4 + 40 + 18 ms; 400 examples in 270.7 ms.
    List<String> lines = table(8, ExchangeChoice.COLLECT).lines().toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("8 "))
        .satisfiesExactly(
            parts ->
                assertThat(parts)
                    .matches("8 +200\\.0 +8\\.7 +4\\.0 +40\\.0 +collect +18\\.0 +270\\.7"),
            // 250 examples a worker are 25 steps of 40 ms in 5 rounds, 3 times.
            training ->
                assertThat(training).matches("8 +10 +1,478 +\\d+% +epoch: 6\\.6 % +4\\.1 s"));
    assertThat(lines).anyMatch(line -> line.contains("H for 5 %"));
    assertThat(String.join(" ", lines))
        .contains(
            "An epoch of 8 workers has 25 steps: --averaging-period epoch leaves 6.6 % of a round");
  }

  /** 70.7 ms beside 40 ms a step: 34 steps for 5 %, 8 for 20 %, 16 for 10 %. */
  @Test
  void proposesThePeriodForTheShareThatIsWanted() {
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);
    Training training = new Training(8000, 3);

    assertThat(table(cluster, training, AveragingPeriod.of(5), 0.05))
        .containsPattern("(?m)^8 .* 34 +[^ ]+ s$")
        .contains("--averaging-period 34 keeps what is not local steps under 5 % with 8 workers");
    assertThat(table(cluster, training, AveragingPeriod.of(5), 0.2))
        .contains("H for 20 %", "--averaging-period 8 keeps");
    assertThat(table(cluster, training, AveragingPeriod.of(40), 0.05))
        .doesNotContain("--averaging-period");
  }

  /** 8,000 examples over 8 workers of 10 are 100 steps of 40 ms. */
  @Test
  void aRoundIsAtMostAnEpoch() {
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);
    Training training = new Training(8000, 3);

    assertThat(table(cluster, training, AveragingPeriod.oncePerEpoch(), 0.05))
        .isEqualTo(table(cluster, training, AveragingPeriod.of(1000), 0.05))
        .containsPattern("(?m)^8 +4,000\\.0 ");
  }

  /** A step of 16 ms: 25 rounds of 5 in two seconds, beside 20 ms. */
  @Test
  void oneWorkerTakesTheRoundsOfTwoSecondsInOneJob() {
    Cluster cluster = new Cluster(1, 4, 8, ExchangeChoice.COLLECT);

    assertThat(table(cluster, new Training(8000, 3), AveragingPeriod.of(5), 0.05))
        .containsPattern("(?m)^1 +2,000\\.0 ")
        .containsPattern("(?m)^1 .* any +")
        .doesNotContain("--averaging-period");
  }

  @Test
  void theLastRoundOfAnEpochHasOnlyTheStepsThatAreLeft() {
    Work work = new Work("net", 10, 5);
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);
    Prediction round = new RoundModel(RoundModelTest.COEFFICIENTS).predict(cluster, work);

    // 7 steps of 40 ms in 2 rounds.
    AveragingPeriod five = AveragingPeriod.of(5);
    assertThat(new Training(8 * 70, 1).seconds(round, five))
        .isCloseTo(7 * 0.04 + 2 * 0.0707, within(1e-4));
    assertThat(new Training(8 * 70, 2.5).seconds(round, five))
        .isCloseTo(2.5 * (7 * 0.04 + 2 * 0.0707), within(1e-4));
  }

  /**
   * 25 steps of 40 ms an epoch, in 5 rounds, in 3 from epoch 2 on, and in one from epoch 4 on: 33.2
   * s. One worker takes 98.4 s.
   */
  @Test
  void theTrainingHasThePeriodOfEachEpoch() {
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);
    AveragingPeriod period = AveragingPeriod.parse("5,10@2,epoch@4");

    assertThat(table(cluster, new Training(2000, 30.5), period, 0.05))
        .containsPattern("(?s)a round from epoch 1 on, in milliseconds:.*\n8 +200\\.0 +8\\.7 ")
        .containsPattern("(?s)a round from epoch 2 on, in milliseconds:.*\n8 +400\\.0 +8\\.7 ")
        .containsPattern("(?s)a round from epoch 4 on, in milliseconds:.*\n8 +1,000\\.0 +8\\.7 ")
        .containsPattern("(?m)^8 +10 +1,836 +37% .* 33\\.2 s$");
  }

  @Test
  void aPeriodThatBeginsAfterTheTrainingDoesNotCount() {
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);
    Training training = new Training(2000, 1);

    assertThat(table(cluster, training, AveragingPeriod.parse("5,10@2"), 0.05))
        .isEqualTo(table(cluster, training, AveragingPeriod.of(5), 0.05));
  }

  /** 25 steps of 40 ms are 3 rounds, the last one of 5 steps: 3 times 70.7 ms more. */
  @Test
  void theSpeedIsThatOfAllRoundsEvenOfShortOnes() {
    Cluster cluster = new Cluster(8, 4, 8, ExchangeChoice.COLLECT);

    assertThat(table(cluster, new Training(2000, 3), AveragingPeriod.of(10), 0.05))
        .containsPattern("(?m)^8 +10 +1,650 +34% ");
  }

  @Test
  void saysWhenTheDriverWouldNotTakeAllUpdates() {
    assertThat(table(1073, ExchangeChoice.COLLECT)).doesNotContain("maxResultSize");
    assertThat(table(1074, ExchangeChoice.COLLECT))
        .contains("1,074 updates are 1.0 GiB", "spark.driver.maxResultSize");
    assertThat(table(1074, ExchangeChoice.SHUFFLE)).doesNotContain("maxResultSize");
    assertThat(table(1074, ExchangeChoice.AUTO)).doesNotContain("maxResultSize", "--exchange");
  }

  /** 270.7 ms, of which shuffling needs 24.4 less for the exchange and 18 more for scheduling. */
  @Test
  void saysWhichExchangeIsFasterThanTheOneBySize() {
    assertThat(table(8, ExchangeChoice.AUTO))
        .containsPattern("(?m)^8 .* collect +18\\.0 +270\\.7$")
        .contains("--exchange shuffle is faster by this model: 264.3 ms with 8 workers");
    assertThat(table(269, ExchangeChoice.AUTO))
        .containsPattern("--exchange collect is faster by this model: .* ms with 269 workers");
    assertThat(table(2, ExchangeChoice.AUTO)).doesNotContain("--exchange");
    assertThat(table(8, ExchangeChoice.COLLECT)).doesNotContain("--exchange");
  }
}
