package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainOptionsTest {
  private static TrainOptions with(Object... keysAndValues) {
    Map<String, Object> options = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      options.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return TrainConfig.load(options, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.001, 10.000001, Double.NaN, Double.POSITIVE_INFINITY})
  void learningRateOutOfBoundsIsRefused(double rate) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> with("learning-rate", rate))
        .withMessageContaining("--learning-rate is " + rate)
        .withMessageContaining("above 0, up to 10");
  }

  @Test
  void boundsThemselvesAreAllowed() {
    TrainOptions options =
        with(
            "epochs",
            1,
            "validation",
            0,
            "batch-size",
            1,
            "workers",
            1,
            "averaging-period",
            1,
            "wait-for-slots",
            0,
            "train-limit",
            1,
            "test-limit",
            1,
            "learning-rate",
            10.0);

    assertThat(options.learningRate().rate()).contains(10.0);
    assertThat(options.cluster().waitForSlots()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel-size", "groups", "reduction-ratio"})
  void theWideNetworkHasInvolutionsOfItsOwn(String option) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> with("model", "involution-wide", option, 3, "stride", 2))
        .withMessageContaining("leave them out with --model involution-wide");
    // As the command that repeats a run says them.
    assertThat(with("model", "involution-wide", "kernel-size", 3, "groups", 1).involution())
        .isEqualTo(InvolutionOptions.REFERENCE);
  }

  @Test
  void resumeNeedsOut() {
    assertThatThrownBy(() -> with("resume", true))
        .isInstanceOf(InputException.class)
        .hasMessage("--resume needs --out: name the folder of the run to resume");
    assertThat(with("resume", true, "out", "runs/a").output().resume()).isTrue();
  }

  @Test
  void resumeExcludesOverwrite() {
    assertThatThrownBy(() -> with("resume", true, "out", "runs/a", "overwrite", true))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("--resume", "--overwrite", "leave one out");
  }

  @Test
  void resumeExcludesTheTrainerWithoutCheckpoints() {
    assertThatThrownBy(() -> with("resume", true, "out", "runs/a", "trainer", "dl4j-spark"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("--resume", "--trainer dl4j-spark", "leave one out");
  }

  @Test
  void roundsOfTheOtherTrainerCannotBeCounted() {
    assertThatThrownBy(() -> with("checkpoint-every", "5rounds", "trainer", "dl4j-spark"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("--checkpoint-every 5rounds", "dl4j-spark", "use epochs");
  }

  @Test
  void initNeedsOneModel() {
    assertThatThrownBy(() -> with("init", "model.zip"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("--init", "name that one with --model");
    assertThat(with("init", "model.zip", "model", "involution").init()).contains("model.zip");
  }

  @Test
  void globalBatchIsSplitOverTheWorkers() {
    TrainOptions options = with("batch-size", 256);

    assertThat(options.batchSizePerWorker(1)).isEqualTo(256);
    assertThat(options.batchSizePerWorker(3)).isEqualTo(85);
    assertThat(options.batchSizePerWorker(256)).isEqualTo(1);
  }

  @Test
  void batchSizePerWorkerWinsOverTheGlobalBatch() {
    assertThat(with("batch-size", 2, "batch-size-per-worker", 7).batchSizePerWorker(100))
        .isEqualTo(7);
  }

  @Test
  void globalBatchThatIsTooSmallIsRefused() {
    assertThatThrownBy(() -> with("batch-size", 3).batchSizePerWorker(4))
        .isInstanceOf(InputException.class)
        .hasMessage("--batch-size 3 is less than the 4 workers: raise it or lower --workers");
  }
}
