package io.involution.driver.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.driver.provenance.RunIdentity.Facts;
import io.involution.train.time.EpochPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunIdentityTest {
  private static Map<String, String> identity(String model, Map<String, Object> options) {
    Map<String, Object> all = new HashMap<>(options);
    all.put("model", model);
    TrainOptions train = TrainConfig.load(all, Optional.empty());
    DataFingerprint data = new DataFingerprint("synthetic", "built in", "ab", 1000, 100);
    return RunIdentity.of(
            train,
            new EpochPlan(1000, 2, 128, 8),
            new Facts(data, Optional.empty(), Set.of("cpu"), Map.of()))
        .values();
  }

  @ParameterizedTest
  @CsvSource({"kernel-size, 5", "groups, 3", "reduction-ratio, 3", "stride, 2"})
  void theInvolutionsDecideTheResultOfTheirNetworkAlone(String option, int value) {
    Map<String, Object> other = Map.of(option, value);

    assertThat(identity("involution", other)).isNotEqualTo(identity("involution", Map.of()));
    assertThat(identity("both", other)).isNotEqualTo(identity("both", Map.of()));
    assertThat(identity("convolution", other)).isEqualTo(identity("convolution", Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "outer-step, momentum",
    "updater-state, local",
    "learning-rate-scaling, linear",
    "learning-rate-decay, cosine",
    "warmup-epochs, 2",
    "weight-decay, 0.01",
    "class-weights, balanced",
    "augment, true"
  })
  void whatChangesTheStepsDecides(String option, String value) {
    assertThat(identity("both", Map.of(option, value))).isNotEqualTo(identity("both", Map.of()));
  }

  @ParameterizedTest
  @CsvSource({"cosine, 20", "constant, 9.9", "cosine, 9.9"})
  void morePatienceAloneIsNoOtherSchedule(String decay, String epochs) {
    Map<String, Object> options = new HashMap<>();
    options.put("learning-rate-decay", decay);
    options.put("epochs", epochs);
    options.put("validation", 100);
    options.put("patience", 3);
    Map<String, String> before = identity("both", options);
    options.put("patience", 5);
    RunIdentity now = new RunIdentity(identity("both", options));

    RunIdentity longer = now.goingOn(before, true);

    assertThat(longer).isEqualTo(now);
    assertThat(longer.howItGoesOn()).contains("its bits are those of a run that was to");
  }

  @ParameterizedTest
  @CsvSource({
    "constant, none, false, ",
    "constant, none, true, '9.9, 12'",
    "cosine, none, false, '9.9, 12'",
    "constant, lookahead, false, '9.9, 12'"
  })
  void moreEpochsCountWhereTheyChangeWhatWasDone(
      String decay, String average, boolean atCut, String scheduled) {
    Map<String, Object> options = new HashMap<>();
    options.put("learning-rate-decay", decay);
    options.put("weight-average", average);
    options.put("epochs", "9.9");
    Map<String, String> before = identity("both", options);
    options.put("epochs", "12");

    RunIdentity longer = new RunIdentity(identity("both", options)).goingOn(before, atCut);

    assertThat(longer.values().get("scheduled_epochs")).isEqualTo(scheduled);
  }

  @Test
  void theWideNetworkIsAnotherThanTheReferences() {
    assertThat(identity("involution-wide", Map.of()))
        .containsEntry("model", "involution-wide")
        .doesNotContainKeys("kernel_size", "groups", "reduction_ratio", "stride");
  }

  @Test
  void theOuterStepIsTheOneThatItStandsFor() {
    assertThat(identity("both", Map.of())).containsEntry("outer_step", "average");
    assertThat(identity("both", Map.of("outer-step", "average")))
        .isEqualTo(identity("both", Map.of()));
    assertThat(identity("both", Map.of("trainer", "dl4j-spark")))
        .containsEntry("outer_step", "average");
  }

  @Test
  void whatIsOnlyShownDecidesNothing() {
    assertThat(
            identity(
                "both",
                Map.of(
                    "images", "3", "time-limit", "8h", "out", "elsewhere", "exchange", "shuffle")))
        .isEqualTo(identity("both", Map.of()));
  }
}
