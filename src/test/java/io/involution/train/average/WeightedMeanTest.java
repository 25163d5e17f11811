package io.involution.train.average;

import static io.involution.model.FloatBits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.involution.model.state.ModelState;
import io.involution.train.RoundFixture;
import io.involution.train.WorkerUpdate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedMeanTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.intBitsToFloat(0x007fffff),
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    0.1f,
    1 / 3f,
    16_777_215f
  };

  private static WorkerUpdate update(int worker, int examples, ModelState state) {
    return new WorkerUpdate(RoundFixture.report(worker, examples), state);
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
    }
    return values;
  }

  @Test
  void agreesWithExactArithmetic() {
    Random random = new Random(2);
    for (int round = 0; round < 50; round++) {
      int workers = 2 + random.nextInt(7);
      List<WorkerUpdate> updates = new ArrayList<>();
      long total = 0;
      for (int worker = 0; worker < workers; worker++) {
        int examples = 1 + random.nextInt(5_000);
        total += examples;
        updates.add(
            update(worker, examples, ModelState.of(9, random(random, 20), random(random, 5))));
      }

      ModelState mean = RoundFixture.mean(updates);

      assertThat(mean.steps()).isEqualTo(9);
      for (String section : List.of(ModelState.PARAMETERS, ModelState.UPDATER)) {
        float[] found = mean.section(section);
        for (int i = 0; i < found.length; i++) {
          double expected = exact(updates, section, i, total);
          double scale = largest(updates, section, i);
          assertThat((double) found[i]).isCloseTo(expected, within(scale));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 30_011})
  void coresAndStatesAtOnceChangeNoBit(int length) {
    Random random = new Random(length);
    List<WeightedMean.Weighted> states = new ArrayList<>();
    for (int worker = 0; worker < 7; worker++) {
      ModelState state = ModelState.of(3, random(random, length), random(random, 2 * length));
      states.add(new WeightedMean.Weighted(1 + random.nextInt(5_000), state));
    }

    for (int some = 1; some <= 7; some++) {
      for (WeightedMean mean : List.of(WeightedMean.onOneCore(), WeightedMean.onAllCores())) {
        for (int from = 0; from + some < 7; from += some) {
          mean.add(states.subList(from, from + some));
        }
        mean.addLast(states.subList((6 / some) * some, 7));
        ModelState value = mean.value();
        for (String section : List.of(ModelState.PARAMETERS, ModelState.UPDATER)) {
          assertThat(bits(value.section(section))).isEqualTo(bits(plainly(states, section)));
        }
      }
    }
  }

  private static float[] plainly(List<WeightedMean.Weighted> states, String section) {
    float[] mean = new float[states.get(0).state().section(section).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      long examples = 0;
      for (WeightedMean.Weighted weighted : states) {
        sum += (double) weighted.examples() * weighted.state().section(section)[i];
        examples += weighted.examples();
      }
      mean[i] = (float) (sum / examples);
    }
    return mean;
  }

  private static double exact(List<WorkerUpdate> updates, String section, int i, long total) {
    BigDecimal sum = BigDecimal.ZERO;
    for (WorkerUpdate update : updates) {
      BigDecimal value = new BigDecimal((double) update.state().section(section)[i]);
      sum = sum.add(value.multiply(BigDecimal.valueOf(update.report().examples())));
    }
    return sum.divide(BigDecimal.valueOf(total), MathContext.DECIMAL128).doubleValue();
  }

  private static double largest(List<WorkerUpdate> updates, String section, int i) {
    return updates.stream()
        .mapToDouble(update -> Math.abs(update.state().section(section)[i]))
        .max()
        .orElseThrow();
  }

  /** Half a unit in the last place of a float, and float64 rounding of the sum. */
  private static org.assertj.core.data.Offset<Double> within(double scale) {
    return org.assertj.core.data.Offset.offset(scale * 6.0e-8);
  }

  @Test
  void weightsAreExampleCounts() {
    ModelState mean =
        RoundFixture.mean(
            List.of(
                update(0, 3, ModelState.of(1, new float[] {1, 10}, new float[] {4})),
                update(1, 1, ModelState.of(1, new float[] {5, -10}, new float[] {8}))));

    // (3 x 1 + 1 x 5) / 4, (3 x 10 - 1 x 10) / 4, (3 x 4 + 1 x 8) / 4
    assertThat(mean.parameters()).containsExactly(2, 5);
    assertThat(mean.updater()).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 127, 50_000, Integer.MAX_VALUE})
  void oneWorkersMeanIsItsOwnStateToTheBit(int examples) {
    float[] random = random(new Random(examples), 1_000);
    ModelState state = ModelState.of(7, SPECIAL, random);

    ModelState mean = RoundFixture.mean(List.of(update(0, examples, state)));

    assertThat(bits(mean.parameters())).isEqualTo(bits(SPECIAL));
    assertThat(bits(mean.updater())).isEqualTo(bits(random));
    assertThat(mean.steps()).isEqualTo(7);
  }

  @Test
  void workersThatAgreeLeaveTheStateAsItIs() {
    ModelState state = ModelState.of(7, SPECIAL, new float[] {-0f});

    ModelState mean = RoundFixture.mean(List.of(update(0, 8, state), update(1, 8, state)));

    assertThat(bits(mean.parameters())).isEqualTo(bits(SPECIAL));
    assertThat(bits(mean.updater())).isEqualTo(bits(new float[] {-0f}));
  }

  @Test
  void workersAreSummedInTheOrderGiven() {
    // In float64, (2^53 + 1) - 2^53 is 0 and (2^53 - 2^53) + 1 is 1.
    float large = (float) (1L << 53);
    ModelState big = ModelState.of(0, new float[] {large}, new float[0]);
    ModelState one = ModelState.of(0, new float[] {1}, new float[0]);
    ModelState negative = ModelState.of(0, new float[] {-large}, new float[0]);

    assertThat(
            RoundFixture.mean(List.of(update(0, 1, big), update(1, 1, one), update(2, 1, negative)))
                .parameters())
        .containsExactly(0f);
    assertThat(
            RoundFixture.mean(List.of(update(0, 1, big), update(1, 1, negative), update(2, 1, one)))
                .parameters())
        .containsExactly(1 / 3f);
  }

  @Test
  void everySectionIsAveraged() {
    ModelState first =
        ModelState.of(0, new float[] {0}, new float[0]).with("momentum", new float[] {2});
    ModelState second =
        ModelState.of(0, new float[] {0}, new float[0]).with("momentum", new float[] {4});

    ModelState mean = RoundFixture.mean(List.of(update(0, 1, first), update(1, 1, second)));

    assertThat(mean.names()).containsExactly("parameters", "updater", "momentum");
    assertThat(mean.section("momentum")).containsExactly(3);
  }

  @Test
  void updatesThatDoNotBelongTogetherAreRefused() {
    ModelState state = ModelState.of(1, new float[2], new float[1]);

    assertThatIllegalArgumentException().isThrownBy(() -> RoundFixture.mean(List.of()));
    for (ModelState other :
        List.of(
            ModelState.of(2, new float[2], new float[1]),
            ModelState.of(1, new float[3], new float[1]),
            ModelState.of(1, new float[2], new float[0]),
            state.with("momentum", new float[2]))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RoundFixture.mean(List.of(update(0, 1, state), update(1, 1, other))));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RoundFixture.mean(List.of(update(0, 1, other), update(1, 1, state))));
    }
  }
}
