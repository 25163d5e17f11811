package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.layers.norm.ShortcutPlace;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks with BatchNorm blocks, shortcuts and global pools. */
class ShortcutVertexTest {
  @TempDir private Path folder;

  private static GraphBuilder begin(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(updater)
        .dataType(DataType.FLOAT)
        .graphBuilder()
        .addInputs("images")
        .setInputTypes(InputType.convolutional(6, 5, 3))
        .addLayer("conv", new ConvolutionBlock.Builder().nOut(8).build(), "images")
        .addLayer(
            "mix",
            new ConvolutionBlock.Builder().nOut(8).activation(Activation.IDENTITY).build(),
            "conv");
  }

  private static ComputationGraph end(GraphBuilder graph, String last) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .addLayer("pool", new GlobalPool(GlobalPool.Kind.MAX), last)
                .addLayer("output", new SoftmaxOutput(4), "pool")
                .setOutputs("output")
                .build());
    network.init();
    return network;
  }

  private static BatchNormBlock block() {
    return new BatchNormBlock.Builder().activation(Activation.RELU).build();
  }

  private static ComputationGraph fused(ShortcutPlace place) {
    return end(
        ShortcutVertex.add(begin(new Nesterovs(0.05, 0.9)), "norm", place, block(), "mix", "conv"),
        "norm");
  }

  /** The same network of separate vertices. */
  private static ComputationGraph apart(ShortcutPlace place) {
    GraphBuilder graph = begin(new Nesterovs(0.05, 0.9));
    ElementWiseVertex sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
    if (place == ShortcutPlace.AFTER_ACTIVATION) {
      graph.addLayer("norm", block(), "mix").addVertex("sum", sum, "norm", "conv");
      return end(graph, "sum");
    }
    graph.addLayer("norm", new BatchNormBlock.Builder().build(), "mix");
    graph.addVertex("sum", sum, "norm", "conv");
    graph.addLayer("relu", new ActivationLayer(Activation.RELU), "sum");
    return end(graph, "relu");
  }

  private static void train(ComputationGraph network) {
    Nd4j.getRandom().setSeed(5);
    for (int examples : new int[] {8, 20, 3, 1}) {
      INDArray images = Nd4j.rand(examples, 3, 6, 5);
      INDArray labels = Nd4j.zeros(examples, 4);
      for (int i = 0; i < examples; i++) {
        labels.putScalar(i, i % 4, 1);
      }
      network.fit(new DataSet(images, labels));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_ACTIVATION", "AFTER_ACTIVATION"})
  void trainsAsTheSameNetworkOfSeparateVertices(ShortcutPlace place) {
    ComputationGraph fused = fused(place);
    ComputationGraph apart = apart(place);
    assertThat(fused.params()).isEqualTo(apart.params());
    train(fused);
    train(apart);

    assertThat(fused.numParams()).isEqualTo(apart.numParams());
    assertThat(fused.params().distance2(apart.params())).isLessThan(1e-4);
    assertThat(fused.getUpdater().getStateViewArray().length())
        .isEqualTo(apart.getUpdater().getStateViewArray().length());
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_ACTIVATION", "AFTER_ACTIVATION"})
  void isSavedAndLoaded(ShortcutPlace place) throws Exception {
    ComputationGraph network = fused(place);
    train(network);
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file);
    INDArray images = Nd4j.rand(5, 3, 6, 5);

    assertThat(loaded.params()).isEqualTo(network.params());
    assertThat(loaded.outputSingle(images)).isEqualTo(network.outputSingle(images));
    ComputationGraphConfiguration configuration = network.getConfiguration();
    ComputationGraphConfiguration yaml =
        ComputationGraphConfiguration.fromYaml(configuration.toYaml());
    for (var copy : List.of(loaded.getConfiguration(), yaml, configuration.clone())) {
      assertThat(((ShortcutVertex) copy.getVertices().get("norm")).place()).isEqualTo(place);
      assertThat(copy.getVertices().get("norm").equals(configuration.getVertices().get("norm")))
          .isTrue();
    }
    train(network);
    train(loaded);
    assertThat(loaded.params()).isEqualTo(network.params());
  }

  @Test
  void betaHasAStepSizeOfItsOwn() {
    ComputationGraph[] networks = new ComputationGraph[2];
    for (int i = 0; i < 2; i++) {
      BatchNormBlock block = new BatchNormBlock.Builder().betaRate(i == 0 ? 1 : 64).build();
      networks[i] = end(begin(new Sgd(1e-3)).addLayer("norm", block, "mix"), "norm");
      Nd4j.getRandom().setSeed(5);
      networks[i].fit(new DataSet(Nd4j.rand(4, 3, 6, 5), Nd4j.eye(4)));
    }
    double once = networks[0].getParam("norm_beta").norm2Number().doubleValue();
    double faster = networks[1].getParam("norm_beta").norm2Number().doubleValue();
    assertThat(once).isPositive();
    assertThat(faster / once).isCloseTo(64, within(1e-3));
    assertThat(networks[0].getParam("norm_gamma")).isEqualTo(networks[1].getParam("norm_gamma"));
  }

  @Test
  void refusesAShortcutOfAnotherShape() {
    GraphBuilder graph = begin(new Sgd(1));
    ShortcutVertex.add(graph, "norm", ShortcutPlace.AFTER_ACTIVATION, block(), "mix", "images");
    ComputationGraph network = end(graph, "norm");
    assertThatThrownBy(() -> train(network))
        .hasStackTraceContaining("a shortcut must have the shape of the other input");
    assertThatThrownBy(
            () -> ShortcutVertex.add(graph, "norm", ShortcutPlace.NONE, block(), "mix", "conv"))
        .hasMessageContaining("norm needs an input, a shortcut, and a place");
  }
}
