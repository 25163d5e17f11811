package io.involution.config.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The optimizer's options and those of its step size: what goes together, and what is filled in.
 */
class OptimizerOptionsTest {
  private static TrainOptions options(String words) {
    Map<String, Object> given =
        Stream.of(words.split(" ", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.split("=", -1))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return TrainConfig.load(given, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0.001, ,",
    "optimizer=nesterovs, 0.02, 0.9,",
    "optimizer=nesterovs momentum=0, 0.02, 0,",
    "optimizer=muon, 0.02, 0.95, 0.001",
    "optimizer=muon momentum=0.6 learning-rate=0.24 other-learning-rate=0.05, 0.24, 0.6, 0.05"
  })
  void whatIsOpenIsWhatTheOptimizerUsuallyHas(
      String words, double rate, Double momentum, Double others) {
    TrainOptions options = options(words);

    assertThat(options.learningRate().rate()).contains(rate);
    assertThat(options.optimizer().momentum()).isEqualTo(Optional.ofNullable(momentum));
    assertThat(options.optimizer().otherLearningRate()).isEqualTo(Optional.ofNullable(others));
  }

  @Test
  void aTriangleIsThatOfAirbenchUnlessGivenOtherwise() {
    LearningRateOptions usual = options("learning-rate-decay=triangular").learningRate();
    LearningRateOptions other =
        options("learning-rate-decay=triangular learning-rate-peak=0.5 learning-rate-end=0")
            .learningRate();

    assertThat(usual.start()).contains(0.2);
    assertThat(usual.peak()).contains(0.23);
    assertThat(usual.end()).contains(0.07);
    assertThat(other.peak()).contains(0.5);
    assertThat(other.end()).contains(0.0);
    assertThat(options("learning-rate-decay=linear").learningRate().end()).contains(0.0);
  }

  @ParameterizedTest
  @CsvSource({
    "momentum=0.5, --momentum has no effect with --optimizer adam: add",
    "optimizer=nesterovs other-learning-rate=0.1, --other-learning-rate has no effect with",
    "optimizer=muon momentum=1, --momentum is 1.0: use 0 or more",
    "optimizer=lion, '--optimizer is ''lion'': use one of adam, nesterovs, muon'",
    "weight-decay-kind=l2, --weight-decay-kind l2 has no effect without weight decay",
    "label-smoothing=1, --label-smoothing is 1.0: use 0 or more",
    "learning-rate-end=0.1, --learning-rate-end has no effect with --learning-rate-decay constant",
    "learning-rate-decay=cosine learning-rate-start=0.1, --learning-rate-start and",
    "learning-rate-decay=triangular warmup-epochs=1, --warmup-epochs cannot be used with",
    "optimizer=muon trainer=dl4j-spark, --optimizer muon cannot be used with --trainer dl4j-spark"
  })
  void whatHasNoEffectIsRefused(String words, String line) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> options(words))
        .withMessageStartingWith(line);
  }
}
