package io.involution.cuda.update;

import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.WeightDecayChoice;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Networks that are trained by the rules of this job, and by other mixtures of updaters. */
final class UpdaterCases {
  /** Of 12 filters of 3x3 over 2 channels, and 12 statistics twice. */
  static final int UNTRAINED = 12 * 18 + 2 * 12;

  private static final LearningRate WARM = new LearningRate(0.01, 3, 9);
  private static final LearningRate LINE = new LearningRate(0.1, 6, 0, 20, 0.2, 0.07);

  private UpdaterCases() {}

  static Stream<Named<ComputationGraphConfiguration>> all() {
    return Stream.of(
        Named.of("adam, decoupled", plain()),
        Named.of("adam, l2", job(OptimizerChoice.ADAM, WeightDecayChoice.L2, WARM)),
        Named.of(
            "nesterovs, decoupled",
            job(OptimizerChoice.NESTEROVS, WeightDecayChoice.DECOUPLED, LINE)),
        Named.of(
            "nesterovs, l2, constant",
            job(OptimizerChoice.NESTEROVS, WeightDecayChoice.L2, LearningRate.constant(0.05))),
        Named.of("a mixture", mixture()));
  }

  /** Adam with decoupled weight decay. */
  static ComputationGraphConfiguration plain() {
    return job(OptimizerChoice.ADAM, WeightDecayChoice.DECOUPLED, WARM);
  }

  private static ComputationGraphConfiguration job(
      OptimizerChoice choice, WeightDecayChoice kind, LearningRate rate) {
    OptimizerOptions options =
        new OptimizerOptions(choice, Optional.empty(), Optional.empty(), 0.3, kind);
    LocalRule rule = new LocalRule(options, rate);
    ComputationGraphConfiguration network = network();
    rule.updaters(network);
    for (String name : List.of("frozen", "norm", "dense", "output")) {
      rule.decay(layer(network, name), List.of());
    }
    return network;
  }

  /** A network with frozen filters, statistics, and betas with a step size of their own. */
  private static ComputationGraphConfiguration network() {
    return built()
        .setInputTypes(InputType.convolutional(3, 4, 2))
        .addLayer("frozen", new ConvolutionBlock.Builder().nOut(12).trained(false).build(), "input")
        .addLayer("norm", new BatchNormBlock.Builder().betaRate(64).build(), "frozen")
        .addLayer("dense", new Dense(9), "norm")
        .addLayer("output", new SoftmaxOutput(3), "dense")
        .setOutputs("output")
        .build();
  }

  /** So many layers, each with a step size of its own. */
  static ComputationGraphConfiguration manyRules(int count) {
    ComputationGraphConfiguration.GraphBuilder builder =
        built().setInputTypes(InputType.feedForward(2));
    String above = "input";
    for (int i = 0; i < count; i++) {
      Dense dense = new Dense(2);
      dense.setIUpdater(new Sgd(i + 1));
      builder.addLayer("dense" + i, dense, above);
      above = "dense" + i;
    }
    SoftmaxOutput output = new SoftmaxOutput(2);
    output.setIUpdater(new Sgd(1));
    return builder.addLayer("output", output, above).setOutputs("output").build();
  }

  private static ComputationGraphConfiguration.GraphBuilder built() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("input");
  }

  /**
   * What a user's configuration may say: blocks of the state that break in the middle of layers.
   */
  private static ComputationGraphConfiguration mixture() {
    ComputationGraphConfiguration network = network();
    BaseLayer frozen = layer(network, "frozen");
    frozen.setBiasUpdater(new Sgd(0.3));
    BaseLayer dense = layer(network, "dense");
    dense.setIUpdater(
        Nesterovs.builder()
            .learningRateSchedule(new ExponentialSchedule(ScheduleType.ITERATION, 0.2, 0.9))
            .momentumISchedule(new ExponentialSchedule(ScheduleType.ITERATION, 0.8, 0.95))
            .build());
    dense.setBiasUpdater(new Adam(0.02, 0.8, 0.99, 1e-3));
    dense.setRegularization(List.of(new WeightDecay(0.05, false), new L2Regularization(0.2)));
    dense.setRegularizationBias(List.of(new L2Regularization(0.3)));
    layer(network, "output").setIUpdater(new Sgd(0.1));
    layer(network, "output").setRegularization(List.of(new WeightDecay(0.5, true)));
    return network;
  }

  static BaseLayer layer(ComputationGraphConfiguration network, String name) {
    LayerVertex vertex = (LayerVertex) network.getVertices().get(name);
    return (BaseLayer) vertex.getLayerConf().getLayer();
  }

  static ComputationGraph graph(ComputationGraphConfiguration configuration) {
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }
}
