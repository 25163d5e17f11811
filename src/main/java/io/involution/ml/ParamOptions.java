package io.involution.ml;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params of an estimator as options of the train command, which checks them. */
final class ParamOptions {
  /** Options by param. */
  private static final Map<String, String> OPTIONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("network", "model"),
              Map.entry("maxIter", "epochs"),
              Map.entry("batchSize", "batch-size"),
              Map.entry("seed", "seed"),
              Map.entry("numWorkers", "workers"),
              Map.entry("averagingPeriod", "averaging-period"),
              Map.entry("validation", "validation"),
              Map.entry("patience", "patience"),
              Map.entry("optimizer", "optimizer"),
              Map.entry("learningRate", "learning-rate"),
              Map.entry("learningRateDecay", "learning-rate-decay"),
              Map.entry("weightDecay", "weight-decay"),
              Map.entry("labelSmoothing", "label-smoothing"),
              Map.entry("classWeights", "class-weights"),
              Map.entry("augment", "augment"),
              Map.entry("weightAverage", "weight-average")));

  private ParamOptions() {}

  /**
   * The options that are given: a param that is not set leaves its option at the default, which is
   * the same, so that a user's network keeps what it says itself.
   */
  static Map<String, Object> given(Params stage) {
    Map<String, Object> given = new TreeMap<>();
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      Param<Object> param = stage.getParam(option.getKey());
      if (stage.isSet(param) || option.getKey().equals("network")) {
        given.put(option.getValue(), stage.getOrDefault(param));
      }
    }
    return given;
  }

  /**
   * All options.
   *
   * @throws IllegalArgumentException naming the param that cannot be used
   */
  static TrainOptions of(Params stage) {
    try {
      TrainOptions options = TrainConfig.load(given(stage), Optional.empty());
      if (options.model().networks().size() != 1) {
        throw new InputException("--model names more than one network: name one");
      }
      return options;
    } catch (InputException e) {
      throw refused(e);
    }
  }

  /** The same problem, with the names of params. */
  static IllegalArgumentException refused(InputException problem) {
    // No param sets a worker's own.
    String message = problem.getMessage().replace(" (or --batch-size-per-worker)", "");
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      message = message.replaceAll("--" + option.getValue() + "(?![\\w-])", option.getKey());
    }
    return new IllegalArgumentException(message, problem);
  }
}
