package io.involution.driver.input;

import io.involution.config.GivenOptions;
import io.involution.config.TrainOptions;
import io.involution.config.training.LearningRateOptions;
import io.involution.model.LearningRate;
import io.involution.train.time.EpochPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Options that the user has given by hand, which win over what a user's network says itself.
 *
 * @param options the options
 * @param plan how an epoch is divided
 */
record HandOptions(TrainOptions options, EpochPlan plan) {
  private static final String[] RATE = {
    "learning-rate", "learning-rate-scaling", "warmup-epochs", "learning-rate-decay"
  };

  /** Changes a network's configuration. */
  void apply(ComputationGraphConfiguration network) {
    GivenOptions given = options.given();
    if (given.any("seed")) {
      network.getDefaultConfiguration().setSeed(options.seed());
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
        if (given.any(RATE)) {
          setRate(trainable.getIUpdater());
          setRate(trainable.getBiasUpdater());
        }
        if (given.any("weight-decay")) {
          trainable.setRegularization(decayed(trainable.getRegularization()));
        }
      }
    }
  }

  private void setRate(IUpdater updater) {
    if (updater == null || !updater.hasLearningRate()) {
      return;
    }
    LearningRateOptions rate = options.learningRate();
    double own = options.given().any("learning-rate") ? rate.rate() : updater.getLearningRate(0, 0);
    LearningRate schedule = Networks.learningRate(rate.with(own), options, plan);
    if (schedule.isConstant()) {
      updater.setLrAndSchedule(schedule.peak(), null);
    } else {
      updater.setLrAndSchedule(Double.NaN, schedule);
    }
  }

  private List<Regularization> decayed(List<Regularization> own) {
    List<Regularization> all = new ArrayList<>();
    if (own != null) {
      own.stream().filter(one -> !(one instanceof WeightDecay)).forEach(all::add);
    }
    if (options.weightDecay() > 0) {
      all.add(new WeightDecay(options.weightDecay(), true));
    }
    return all;
  }

  /** The given options that win over what users' networks say. */
  static List<String> winning(GivenOptions given) {
    return Stream.concat(Stream.of(RATE), Stream.of("weight-decay", "seed"))
        .filter(given::any)
        .toList();
  }
}
