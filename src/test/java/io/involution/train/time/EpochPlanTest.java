package io.involution.train.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.involution.config.TrainConfig;
import io.involution.config.training.AveragingOptions;
import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.OuterStepChoice;
import io.involution.data.ShardRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochPlanTest {
  @Test
  void oneRoundTakesAllTheStepsOfAnEpoch() {
    EpochPlan plan = new EpochPlan(1000, 3, 32, AveragingPeriod.oncePerEpoch());

    assertThat(plan.roundsIn(1)).isEqualTo(1);
    assertThat(plan.averagingPeriod(1)).isEqualTo(plan.stepsPerEpoch()).isEqualTo(11);
  }

  @Test
  void stepsAndRoundsOfTheReferenceRun() {
    // 25,000 examples a worker / 128 = 195.3 -> 196 steps, in rounds of 8: 24 x 8 + 4.
    EpochPlan plan = new EpochPlan(50_000, 2, 128, 8);

    assertThat(plan.stepsPerEpoch()).isEqualTo(196);
    assertThat(plan.roundsIn(1)).isEqualTo(25);
    List<Round> rounds = plan.rounds(3);
    assertThat(rounds).hasSize(25);
    assertThat(rounds.get(0)).isEqualTo(new Round(3, 1, 0, 8, 196));
    assertThat(rounds.get(24)).isEqualTo(new Round(3, 25, 192, 196, 196));
    assertThat(rounds.get(24).steps()).isEqualTo(4);
  }

  /** Examples, workers, minibatch of a worker. */
  @ParameterizedTest
  @CsvSource({
    "50000, 3, 85, 16, MOMENTUM",
    "50000, 8, 32, epoch, MOMENTUM",
    "50000, 2, 128, 16, AVERAGE",
    "50000, 8, 32, 15, AVERAGE",
    "50000, 8, 32, '1,16@6', AVERAGE",
    "50000, 8, 32, '32,16@6', MOMENTUM",
    "50000, 1, 256, 16, AVERAGE",
    // 15 steps an epoch.
    "3840, 8, 32, 16, AVERAGE",
    "3840, 8, 32, epoch, AVERAGE",
    "4096, 8, 32, epoch, MOMENTUM"
  })
  void momentumIsForManyWorkersThatAverageSeldom(
      int examples, int workers, int batchSize, String period, OuterStepChoice step) {
    EpochPlan plan = new EpochPlan(examples, workers, batchSize, AveragingPeriod.parse(period));
    AveragingOptions defaults = TrainConfig.load(Map.of(), Optional.empty()).averaging();

    assertThat(plan.outerStep(defaults)).isEqualTo(step);
  }

  @Test
  void everyExampleIsUsedOnceAnEpochWhateverTheNumbers() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      int workers = 1 + random.nextInt(9);
      EpochPlan plan =
          new EpochPlan(
              workers + random.nextInt(400),
              workers,
              1 + random.nextInt(40),
              1 + random.nextInt(12));
      for (int worker = 0; worker < workers; worker++) {
        checkWorker(plan, ShardRange.of(worker, workers, plan.examples()).size());
      }
    }
  }

  private static void checkWorker(EpochPlan plan, int shard) {
    int step = 0;
    int used = 0;
    int index = 0;
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    for (Round round : plan.rounds(1)) {
      index++;
      assertThat(round.index()).isEqualTo(index);
      assertThat(round.firstStep()).as("%s", plan).isEqualTo(step);
      int usedInRound = 0;
      for (; step < round.lastStep(); step++) {
        assertThat(round.from(step, shard)).as("%s", plan).isEqualTo(used);
        int size = round.from(step + 1, shard) - round.from(step, shard);
        smallest = Math.min(smallest, size);
        largest = Math.max(largest, size);
        used += size;
        usedInRound += size;
      }
      assertThat(round.examples(shard)).isEqualTo(usedInRound);
      boolean last = round.lastStep() == plan.stepsPerEpoch();
      assertThat(round.steps()).isBetween(1, plan.averagingPeriod(1));
      assertThat(last || round.steps() == plan.averagingPeriod(1)).as("%s", plan).isTrue();
    }
    assertThat(step).as("%s", plan).isEqualTo(plan.stepsPerEpoch());
    assertThat(index).as("%s", plan).isEqualTo(plan.roundsIn(1));
    assertThat(used).as("%s", plan).isEqualTo(shard);
    assertThat(largest - smallest).as("%s", plan).isLessThanOrEqualTo(1);
    assertThat(smallest).as("%s: a minibatch without examples", plan).isPositive();
    // One more than asked for only where a worker would otherwise get an empty minibatch.
    int most = plan.batchSizePerWorker() + (plan.batchSizePerWorker() == 1 ? 1 : 0);
    assertThat(largest).as("%s", plan).isLessThanOrEqualTo(most);
  }

  @Test
  void hugeNumbersMeanOneStepOrOneRound() {
    EpochPlan wholeShards = new EpochPlan(50_001, 2, Integer.MAX_VALUE, 8);
    assertThat(wholeShards.batchSizePerWorker()).isEqualTo(25_001);
    assertThat(wholeShards.stepsPerEpoch()).isEqualTo(1);
    assertThat(wholeShards.rounds(1)).containsExactly(new Round(1, 1, 0, 1, 1));

    EpochPlan oneRound = new EpochPlan(50_000, 2, 250, Integer.MAX_VALUE);
    assertThat(oneRound.roundsIn(1)).isEqualTo(1);
    assertThat(oneRound.rounds(1)).containsExactly(new Round(1, 1, 0, 100, 100));
  }

  @Test
  void planThatGivesAWorkerNothingIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new EpochPlan(3, 4, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new EpochPlan(3, 0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new EpochPlan(3, 1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new EpochPlan(3, 1, 1, 0));
  }

  @Test
  void roundOutsideItsEpochIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(0, 1, 0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(1, 0, 0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(1, 1, -1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(1, 1, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(1, 1, 0, 2, 1));
  }
}
