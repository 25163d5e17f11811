package io.involution.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.failure.InputException;
import io.involution.layers.Dense;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Which networks the kernels compute, and how others are refused. */
class NetworkGraphTest {

  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"CONVOLUTION", "INVOLUTION", "WIDE_INVOLUTION"})
  void takesTheJobsOwnNetworks(NetworkKind kind) {
    NetworkBlueprint blueprint = CudaEngineFixture.blueprint(kind);
    assertThatCode(() -> CudaEngine.check(blueprint)).doesNotThrowAnyException();
    assertThatCode(
            () ->
                CudaEngine.check(
                    blueprint.with(new SoftmaxCrossEntropy(new double[] {1, 2, 0, 1}, 0))))
        .doesNotThrowAnyException();
    assertThat(NetworkGraph.of(blueprint).nodes())
        .extracting(NetworkGraph.Node::name)
        .endsWith("dense", "output");
  }

  @ParameterizedTest
  @EnumSource(OptimizerChoice.class)
  void takesEveryOptimizerAndSmoothedLabels(OptimizerChoice choice) {
    LocalRule rule = new LocalRule(OptimizerOptions.of(choice, 0.01), LearningRate.constant(0.01));
    NetworkBlueprint blueprint =
        CudaEngineFixture.trained(CudaEngineFixture.blueprint(NetworkKind.INVOLUTION), rule);
    assertThatCode(() -> CudaEngine.check(blueprint.with(new SoftmaxCrossEntropy(null, 0.2))))
        .doesNotThrowAnyException();
  }

  /** A change of the dense layer, and the reason for which the network is refused then. */
  private static Arguments with(String reason, Consumer<Dense> change) {
    return Arguments.of(reason, change);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        with("it has dropout", layer -> layer.setIDropout(new Dropout(0.5))),
        with("it has constraints", layer -> layer.setConstraints(List.of(maximum()))),
        with("it has weight noise", layer -> layer.setWeightNoise(new DropConnect(0.5))),
        with(
            "its gradients are normalized",
            layer ->
                layer.setGradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)),
        with("it has a layer norm", layer -> layer.setHasLayerNorm(true)),
        with("it has no bias", layer -> layer.setHasBias(false)),
        with(
            "its ReLU has settings of its own",
            layer -> layer.setActivationFn(new ActivationReLU(6.0, 0.0, 0.0))),
        with("layer dense has the updater AdaMax", layer -> layer.setIUpdater(new AdaMax())),
        with("layer dense has the updater AdaMax", layer -> layer.setBiasUpdater(new AdaMax())),
        with(
            "layer dense has the regularization",
            layer -> layer.setRegularization(List.of(new L1Regularization(0.1)))));
  }

  private static MaxNormConstraint maximum() {
    return new MaxNormConstraint(1.0, Set.of("W"), 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void namesTheLayerAndTheReason(String reason, Consumer<Dense> change) {
    ComputationGraphConfiguration network =
        NetworkKind.CONVOLUTION.configuration(new NetworkOptions(1, 0.001));
    change.accept((Dense) layer(network, "dense").getLayerConf().getLayer());
    refuses(network, "layer dense", reason);
  }

  @Test
  void refusesOtherLossesPreprocessorsAndVertices() {
    ComputationGraphConfiguration network =
        NetworkKind.CONVOLUTION.configuration(new NetworkOptions(1, 0.001));
    SoftmaxOutput output = (SoftmaxOutput) layer(network, "output").getLayerConf().getLayer();
    output.setLossFn(new LossMCXENT());
    refuses(network, "layer output", "its loss is not SoftmaxCrossEntropy");

    network = NetworkKind.CONVOLUTION.configuration(new NetworkOptions(1, 0.001));
    layer(network, "dense").setPreProcessor(new ComposableInputPreProcessor());
    refuses(network, "layer dense", "its input goes through ComposableInputPreProcessor");

    network = NetworkKind.CONVOLUTION.configuration(new NetworkOptions(1, 0.001));
    layer(network, "conv2").getLayerConf().setMiniBatch(false);
    refuses(network, "layer conv2", "means over minibatches");
  }

  @Test
  void refusesOtherLayersAndBranches() {
    refuses(
        built(InputType.feedForward(4))
            .addLayer("hidden", new DenseLayer.Builder().nOut(4).build(), "input")
            .addLayer("output", new SoftmaxOutput(3), "hidden")
            .setOutputs("output")
            .build(),
        "layer hidden",
        "it is a DenseLayer");
    refuses(
        built(InputType.feedForward(4))
            .addLayer("one", new Dense(4), "input")
            .addLayer("two", new Dense(4), "input")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "one", "two")
            .addLayer("output", new SoftmaxOutput(3), "sum")
            .setOutputs("output")
            .build(),
        "layer sum",
        "it is a ElementWiseVertex");
  }

  private static ComputationGraphConfiguration.GraphBuilder built(InputType input) {
    return new NeuralNetConfiguration.Builder()
        .updater(new Adam(0.001))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(input);
  }

  private static LayerVertex layer(ComputationGraphConfiguration network, String name) {

    return (LayerVertex) network.getVertices().get(name);
  }

  private static void refuses(ComputationGraphConfiguration network, String... said) {
    NetworkBlueprint blueprint = NetworkBlueprint.of("mine", network);
    assertThatThrownBy(() -> CudaEngine.check(blueprint))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the network mine has ")
        .hasMessageContainingAll(said)
        .hasMessageEndingWith(
            ": use --device cpu, or --gpu-engine nd4j with the job jar that -Pcuda builds");
  }
}
