package io.involution.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One epoch.
 *
 * @param model the network's name
 * @param epoch from 1
 * @param examples training examples used
 * @param trainLoss running average over the epoch's minibatches, in nats; null if unknown
 * @param trainAccuracy running average over the epoch's minibatches; null if unknown
 * @param testLoss average over all test examples at the end of the epoch; null if they were not
 *     evaluated
 * @param testAccuracy share of all test examples classified correctly at the end of the epoch; null
 *     if they were not evaluated
 * @param testExamples number of test examples; null if they were not evaluated
 * @param validationLoss the same over the held-out training examples; null if there are none
 * @param validationAccuracy the same over the held-out training examples; null if there are none
 * @param roundSeconds wall time of the epoch's rounds
 * @param evaluateSeconds wall time of its evaluations
 * @param testTop5Accuracy share of all test examples whose class is among the five most probable;
 *     null with no more than ten classes
 * @param plainTestLoss with {@code --test-time}, the test loss on the images as they are; otherwise
 *     null
 * @param plainTestAccuracy the test accuracy on the images as they are
 */
public record EpochRow(
    String model,
    int epoch,
    int examples,
    Double trainLoss,
    Double trainAccuracy,
    Double testLoss,
    Double testAccuracy,
    Long testExamples,
    Double validationLoss,
    Double validationAccuracy,
    double roundSeconds,
    double evaluateSeconds,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double testTop5Accuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double plainTestLoss,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double plainTestAccuracy)
    implements MetricsRow {

  /** The row of an outcome. */
  public static EpochRow of(String model, EpochOutcome outcome) {
    double examples = outcome.examples();
    Optional<Evaluation> test = outcome.test();
    return new EpochRow(
        model,
        outcome.epoch(),
        outcome.examples(),
        outcome.training().map(sums -> sums.lossSum() / examples).orElse(null),
        outcome.training().map(sums -> sums.correct() / examples).orElse(null),
        test.map(Evaluation::loss).orElse(null),
        test.map(Evaluation::accuracy).orElse(null),
        test.map(Evaluation::examples).orElse(null),
        outcome.validation().map(Evaluation::loss).orElse(null),
        outcome.validation().map(Evaluation::accuracy).orElse(null),
        outcome.roundSeconds(),
        outcome.evaluateSeconds(),
        test.map(Evaluation::topFiveAccuracy).orElse(null),
        test.map(Evaluation::plainLoss).orElse(null),
        test.map(Evaluation::plainAccuracy).orElse(null));
  }

  /**
   * Where an epoch ends, in epochs: at its number, but of 9.9 epochs the tenth ends at 9.9.
   *
   * @param epoch from 1
   * @param planned how many epochs the run was to have; the last one may be a fraction
   */
  public static double end(int epoch, double planned) {
    return epoch == Math.ceil(planned) ? planned : epoch;
  }

  /** What people read of an epoch: where it ends, such as {@code 9} or {@code 9.9}. */
  public static String shown(int epoch, double planned) {
    return BigDecimal.valueOf(end(epoch, planned)).stripTrailingZeros().toPlainString();
  }

  /** Wall time of the epoch's rounds and evaluations. */
  public double seconds() {
    return roundSeconds + evaluateSeconds;
  }
}
