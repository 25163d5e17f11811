package io.involution.driver.input;

import io.involution.config.DeclaredOption;
import io.involution.config.GivenOptions;
import io.involution.config.TrainOptions;
import io.involution.config.training.LearningRateOptions;
import io.involution.model.LearningRate;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Options that the user has given by hand, which win over what a user's network says itself.
 *
 * @param rules how the run's options change parameters
 */
record HandOptions(StepRules rules) {
  private static final String[] RATE =
      DeclaredOption.of(LearningRateOptions.class).stream()
          .map(DeclaredOption::name)
          .toArray(String[]::new);

  /** Which give every layer another updater. */
  private static final String[] RULE = {"optimizer", "momentum", "other-learning-rate"};

  private static final String[] DECAY = {"weight-decay", "weight-decay-kind"};

  /** Changes a network's configuration. */
  void apply(ComputationGraphConfiguration network) {
    TrainOptions options = rules.options();
    GivenOptions given = options.given();
    if (given.any("seed")) {
      network.getDefaultConfiguration().setSeed(options.seed());
    }
    if (given.any(RULE)) {
      rules.local().updaters(network);
    }
    for (GraphVertex vertex : network.getVertices().values()) {
      if (!(vertex instanceof LayerVertex layer)) {
        continue;
      }
      NeuralNetConfiguration configuration = layer.getLayerConf();
      if (given.any("seed")) {
        configuration.setSeed(options.seed());
      }
      if (configuration.getLayer() instanceof BaseLayer trainable) {
        if (given.any(RATE) && !given.any(RULE)) {
          setRate(trainable.getIUpdater());
          setRate(trainable.getBiasUpdater());
        }
        if (given.any(DECAY)) {
          List<Regularization> own = trainable.getRegularization();
          rules.local().decay(trainable, own == null ? List.of() : own);
        }
      }
    }
  }

  private void setRate(IUpdater updater) {
    if (updater == null || !updater.hasLearningRate()) {
      return;
    }
    LearningRateOptions rate = rules.options().learningRate();
    double own =
        rules.options().given().any("learning-rate")
            ? rate.rate().orElseThrow()
            : updater.getLearningRate(0, 0);
    LearningRate schedule = rules.learningRate(rate.with(own));
    if (schedule.isConstant()) {
      updater.setLrAndSchedule(schedule.peak(), null);
    } else {
      updater.setLrAndSchedule(Double.NaN, schedule);
    }
  }

  /** The given options that win over what users' networks say. */
  static List<String> winning(GivenOptions given) {
    return Stream.of(RATE, RULE, DECAY, new String[] {"seed"})
        .flatMap(Stream::of)
        .filter(given::any)
        .toList();
  }
}
