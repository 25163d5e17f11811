package io.involution.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.involution.evaluate.Evaluation;
import io.involution.train.time.Ending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of one model: {@code results.MODEL} of run.json. An evaluation of a saved model knows
 * its test results and parameters only; the rest is null.
 *
 * @param testAccuracy share of all test examples classified correctly after the last epoch
 * @param testLoss average cross-entropy over all test examples after the last epoch, in nats
 * @param trainAccuracy running average over the last epoch's minibatches; null if unknown
 * @param trainLoss running average over the last epoch's minibatches; null if unknown
 * @param parameters number of parameters
 * @param parametersSha256 digest of the final parameter vector
 * @param examplesPerSecond training examples divided by the wall time of the rounds, without
 *     evaluation and without the first epoch (unless it is the only one)
 * @param seconds wall time of all rounds and evaluations
 * @param epochs number of epochs trained
 * @param bestEpoch epoch of the best validation accuracy, whose model is saved; null without
 *     validation
 * @param validationAccuracy that accuracy; null without validation
 * @param bestEpochTestAccuracy test accuracy of that epoch; null without validation, and if it was
 *     not evaluated
 * @param ended {@code epochs} if all epochs were trained, {@code patience} if training stopped
 *     early; null for a saved model
 * @param testTop5Accuracy share of all test examples whose class is among the five most probable;
 *     null with no more than ten classes
 * @param plainTestAccuracy with {@code --test-time}, the test accuracy on the images as they are;
 *     otherwise null
 * @param plainTestLoss with {@code --test-time}, the test loss on the images as they are
 * @param classes the test result of each class, in label order; null in results of other versions
 */
public record ModelResult(
    double testAccuracy,
    double testLoss,
    Double trainAccuracy,
    Double trainLoss,
    ParameterCounts parameters,
    String parametersSha256,
    Double examplesPerSecond,
    Double seconds,
    Integer epochs,
    Integer bestEpoch,
    Double validationAccuracy,
    Double bestEpochTestAccuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) String ended,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double testTop5Accuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double plainTestAccuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double plainTestLoss,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<ClassResult> classes) {

  /**
   * Numbers of parameters.
   *
   * @param trainable those that gradients change
   * @param nonTrainable running statistics and frozen filters
   */
  public record ParameterCounts(int trainable, int nonTrainable) {
    /** All of them. */
    public int total() {
      return trainable + nonTrainable;
    }
  }

  /**
   * The result of a training.
   *
   * @param rows every epoch of the model, in order, at least one
   * @param ended why there are no more
   * @param parameters number of parameters
   * @param sha256 digest of the final parameter vector
   */
  public static ModelResult of(
      List<EpochRow> rows, Ending.Reason ended, ParameterCounts parameters, String sha256) {
    EpochRow last = rows.get(rows.size() - 1);
    EpochRow best = best(rows);
    return new ModelResult(
        last.testAccuracy(),
        last.testLoss(),
        last.trainAccuracy(),
        last.trainLoss(),
        parameters,
        sha256,
        examplesPerSecond(rows),
        rows.stream().mapToDouble(EpochRow::seconds).sum(),
        rows.size(),
        best == null ? null : best.epoch(),
        best == null ? null : best.validationAccuracy(),
        best == null ? null : best.testAccuracy(),
        ended.name().toLowerCase(Locale.ROOT),
        last.testTop5Accuracy(),
        last.plainTestAccuracy(),
        last.plainTestLoss(),
        null);
  }

  /** The result of evaluating a saved model. */
  public static ModelResult of(Evaluation test, ParameterCounts parameters, String sha256) {
    return new ModelResult(
        test.accuracy(),
        test.loss(),
        null,
        null,
        parameters,
        sha256,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        test.topFiveAccuracy(),
        test.plainAccuracy(),
        test.plainLoss(),
        null);
  }

  /** The same with the test result of each class; null for none. */
  public ModelResult with(List<ClassResult> byClass) {
    return new ModelResult(
        testAccuracy,
        testLoss,
        trainAccuracy,
        trainLoss,
        parameters,
        parametersSha256,
        examplesPerSecond,
        seconds,
        epochs,
        bestEpoch,
        validationAccuracy,
        bestEpochTestAccuracy,
        ended,
        testTop5Accuracy,
        plainTestAccuracy,
        plainTestLoss,
        byClass);
  }

  /**
   * The numbers that are known, by their JSON pointers within the result, such as {@code
   * /test_accuracy}.
   */
  public Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers("", Json.MAPPER.valueToTree(this), numbers);
    return numbers;
  }

  private static void numbers(String pointer, JsonNode node, Map<String, Double> numbers) {
    if (node.isNumber()) {
      numbers.put(pointer, node.doubleValue());
    }
    node.properties()
        .forEach(field -> numbers(pointer + "/" + field.getKey(), field.getValue(), numbers));
  }

  /** The first epoch of the highest validation accuracy, null without validation. */
  private static EpochRow best(List<EpochRow> rows) {
    EpochRow best = null;
    for (EpochRow row : rows) {
      if (row.validationAccuracy() != null
          && (best == null || row.validationAccuracy() > best.validationAccuracy())) {
        best = row;
      }
    }
    return best;
  }

  private static double examplesPerSecond(List<EpochRow> rows) {
    List<EpochRow> warm = rows.size() > 1 ? rows.subList(1, rows.size()) : rows;
    double examples = warm.stream().mapToDouble(EpochRow::examples).sum();
    return examples / warm.stream().mapToDouble(EpochRow::roundSeconds).sum();
  }
}
