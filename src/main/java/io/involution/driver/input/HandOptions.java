package io.involution.driver.input;

import io.involution.config.GivenOptions;
import io.involution.config.TrainOptions;
import io.involution.config.training.LearningRateOptions;
import io.involution.model.LearningRate;
import java.util.List;
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
  /** Changes a network's configuration. */
  void apply(ComputationGraphConfiguration network) {
    TrainOptions options = rules.options();
    GivenOptions given = options.given();
    if (given.has("seed")) {
      network.getDefaultConfiguration().setSeed(options.seed());
    }
    if (given.any(GivenOptions.RULE)) {
      rules.local().updaters(network);
    }
    for (GraphVertex vertex : network.getVertices().values()) {
      if (!(vertex instanceof LayerVertex layer)) {
        continue;
      }
      NeuralNetConfiguration configuration = layer.getLayerConf();
      if (given.has("seed")) {
        configuration.setSeed(options.seed());
      }
      if (configuration.getLayer() instanceof BaseLayer trainable) {
        if (given.any(GivenOptions.RATE) && !given.any(GivenOptions.RULE)) {
          setRate(trainable.getIUpdater());
          setRate(trainable.getBiasUpdater());
        }
        if (given.any(GivenOptions.DECAY)) {
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
        rules.options().given().has("learning-rate")
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
    return GivenOptions.OF_NETWORKS.stream().filter(given::has).toList();
  }
}
