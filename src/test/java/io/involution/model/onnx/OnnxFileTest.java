package io.involution.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxOutput;
import io.involution.layers.involution.GroupOrder;
import io.involution.layers.norm.ShortcutPlace;
import io.involution.model.ModelMetadata;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Exported networks compute in Microsoft's runtime what they compute here. */
class OnnxFileTest {
  private static final double PRECISION = 1e-5;

  @ParameterizedTest
  // Numbers of the others overflow when their norms' statistics are made up.
  @EnumSource(
      value = NetworkKind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DEEP_INVOLUTION", "REDNET"})
  void everyBuiltInNetworkIsTheSameInBoth(NetworkKind kind) {
    NetworkOptions options = new NetworkOptions(7, 1e-3, InvolutionOptions.REFERENCE);
    ComputationGraph network = trained(kind.configuration(options));
    ModelMetadata about =
        about(new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 1.0)), 3, 32, 32);
    INDArray images = Nd4j.rand(5, 3, 32, 32);
    INDArray normalized =
        images
            .sub(Nd4j.createFromArray(0.5f, 0.4f, 0.3f).reshape(1, 3, 1, 1))
            .div(Nd4j.createFromArray(0.2f, 0.3f, 1f).reshape(1, 3, 1, 1));

    try (OnnxRuntime runtime = new OnnxRuntime(OnnxFile.of(network, about))) {
      INDArray expected = network.outputSingle(normalized);
      INDArray found = runtime.output(images);
      assertThat(found.shape()).isEqualTo(expected.shape());
      assertThat(found.sub(expected).div(expected).amaxNumber().doubleValue())
          .isLessThan(NetworkKind.SMALL.contains(kind) ? PRECISION : 10 * PRECISION);
      INDArray first = images.get(NDArrayIndex.interval(0, 1));
      assertThat(runtime.output(first).sub(found.getRow(0, true)).amaxNumber().doubleValue())
          .isLessThan(PRECISION);
    }
  }

  /** Kernel sizes, strides, groups in both orders, reductions, odd and rectangular images. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 7})
  void everySettingOfAnInvolutionIsTheSameInBoth(int size) {
    List<Layer> layers = new ArrayList<>();
    for (int stride : new int[] {1, 2, 3}) {
      for (int groups : new int[] {1, 2, 6}) {
        for (GroupOrder order : GroupOrder.values()) {
          int turn = 5 * size + layers.size();
          layers.add(
              new Involution.Builder()
                  .kernelSize(size)
                  .stride(stride)
                  .groups(groups)
                  .groupOrder(order)
                  .reductionRatio(1 + turn % 3)
                  .relu(turn % 4 < 2)
                  .pool(turn % 5 < 2)
                  .build());
        }
      }
    }
    for (int half = 0; half < 2; half++) {
      long[] image = {3, 6 + (size / 2 + half) % 4, 9 - (size / 2 + half) % 3};
      int first = half;
      assertSame(
          layers.stream().filter(layer -> layers.indexOf(layer) % 2 == first).toList(), 6, image);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everySettingOfAConvolutionBlockIsTheSameInBoth(int size) {
    List<Layer> layers = new ArrayList<>();
    for (int stride : new int[] {1, 2, 3}) {
      for (boolean same : new boolean[] {false, true}) {
        int turn = size + layers.size();
        layers.add(
            new ConvolutionBlock.Builder()
                .nOut(4)
                .kernelSize(size)
                .stride(stride)
                .same(same)
                .pool(turn % 3 == 0)
                .activation(turn % 2 == 0 ? Activation.RELU : Activation.IDENTITY)
                .build());
      }
    }
    assertSame(layers, 1 + size % 4, 1 + size % 4, 13 + size % 4, 15 - size % 3);
  }

  @Test
  void dl4jsOwnLayersAreTheSameInBoth() {
    List<Layer> layers = new ArrayList<>();
    for (ConvolutionMode mode :
        new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
      for (var type : List.of(SubsamplingLayer.PoolingType.MAX, SubsamplingLayer.PoolingType.AVG)) {
        layers.add(
            new SubsamplingLayer.Builder(type, new int[] {3, 2}, new int[] {2, 2})
                .convolutionMode(mode)
                .build());
      }
      layers.add(
          new ConvolutionLayer.Builder(3, 2)
              .nOut(4)
              .stride(2, 1)
              .dilation(2, 1)
              .convolutionMode(mode)
              .hasBias(mode == ConvolutionMode.Same)
              .activation(Activation.LEAKYRELU)
              .build());
    }
    layers.add(new ConvolutionLayer.Builder(3, 3).nOut(2).padding(1, 2).build());
    for (boolean logarithm : new boolean[] {false, true}) {
      layers.add(new BatchNormalization.Builder().useLogStd(logarithm).build());
    }
    layers.add(new BatchNormalization.Builder().lockGammaBeta(true).gamma(2).beta(3).build());
    layers.add(new GlobalPoolingLayer(PoolingType.AVG));
    layers.add(new GlobalPoolingLayer(PoolingType.MAX));
    for (int width : new int[] {1, 2, 3, 5}) {
      layers.add(new LocalResponseNormalization.Builder(1.5, width, 0.3, 0.6).build());
    }
    layers.add(new PReLULayer.Builder().inputShape(4, 13, 10).build());
    layers.add(new PReLULayer.Builder().inputShape(4, 13, 10).sharedAxes(2, 3).build());
    assertSame(layers, 4, 3, 13, 10);
  }

  @Test
  void normsAndPoolsAreTheSameInBoth() {
    List<Layer> layers = new ArrayList<>();
    for (Activation function : List.of(Activation.IDENTITY, Activation.RELU, Activation.GELU)) {
      for (boolean scale : new boolean[] {true, false}) {
        layers.add(
            new BatchNormBlock.Builder()
                .scale(scale)
                .epsilon(0.3)
                .decay(0.2)
                .biasInit(0.5)
                .activation(function)
                .build());
      }
    }
    layers.add(new GlobalPool(GlobalPool.Kind.MAX));
    layers.add(new GlobalPool(GlobalPool.Kind.AVERAGE));
    layers.add(new Gelu());
    assertSame(layers, 4, 3, 7, 6);

    for (ShortcutPlace place :
        List.of(ShortcutPlace.BEFORE_ACTIVATION, ShortcutPlace.AFTER_ACTIVATION)) {
      long[] image = {2, 5, 6};
      BatchNormBlock block = new BatchNormBlock.Builder().activation(Activation.GELU).build();
      GraphBuilder graph =
          builder()
              .addLayer("a", new ConvolutionBlock.Builder().nOut(3).build(), "in")
              .addLayer("b", new ConvolutionBlock.Builder().nOut(3).build(), "a");
      ShortcutVertex.add(graph, "norm", place, block, "b", "a")
          .addLayer("pool", new GlobalPool(GlobalPool.Kind.AVERAGE), "norm")
          .addLayer("features", new BatchNormBlock.Builder().build(), "pool")
          .addLayer("out", new SoftmaxOutput(3), "features");
      assertSame(trained(configuration(graph, image)), image);
    }
  }

  @Test
  void activationsAreTheSameInBoth() {
    Stream<Activation> functions =
        Stream.of(
            Activation.IDENTITY,
            Activation.RELU,
            Activation.RELU6,
            Activation.SIGMOID,
            Activation.TANH,
            Activation.HARDSIGMOID,
            Activation.SOFTPLUS,
            Activation.SOFTSIGN,
            Activation.SELU,
            Activation.ELU,
            Activation.LEAKYRELU,
            Activation.SWISH);
    assertSame(functions.map(ActivationLayer::new).toList(), 2, 2, 5, 5);
  }

  /** Layers in any mix, joined and apart, as a user's own network has them. */
  @Test
  void aNetworkOfMixedLayersIsTheSameInBoth() {
    long[] image = {2, 9, 7};
    GraphBuilder layers =
        builder()
            .addLayer("a", new Involution.Builder().groups(2).build(), "in")
            .addLayer("b", new ConvolutionBlock.Builder().nOut(2).same(true).build(), "in")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
            .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "a", "b")
            .addVertex("both", new MergeVertex(), "sum", "product")
            .addLayer("norm", new BatchNormalization(), "both")
            .addLayer("dropout", new DropoutLayer(0.5), "norm")
            .addLayer("dense", new DenseLayer.Builder().nOut(6).hasBias(false).build(), "dropout")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "dense");

    assertSame(trained(configuration(layers, image)), image);
  }

  @Test
  void theFileSaysWhatAUserOfItNeeds() throws Exception {
    long[] image = {2, 4, 5};
    ComputationGraph network = one(new ConvolutionBlock.Builder().nOut(3).build(), image);
    ModelMetadata about =
        new ModelMetadata(
            "mine",
            new DataSchema(new ImageShape(2, 4, 5), List.of("a, \"b\"", "ü")),
            new Normalization(List.of(0.0, 0.5), List.of(1.0, 0.25)),
            "1.2");

    byte[] file = OnnxFile.of(network, about);

    assertThat(OnnxFile.of(network, about)).isEqualTo(file);
    try (OnnxRuntime runtime = new OnnxRuntime(file)) {
      assertThat(runtime.session().getMetadata().getProducerName()).isEqualTo("involution-spark");
      assertThat(runtime.session().getMetadata().getGraphName()).isEqualTo("mine");
      assertThat(runtime.session().getInputInfo().get("images").getInfo().toString())
          .contains("FLOAT", "[-1, 2, 4, 5]");
      assertThat(runtime.session().getOutputInfo()).containsOnlyKeys("probabilities");
      assertThat(runtime.properties())
          .containsEntry("network", "mine")
          .containsEntry("classes", "[\"a, \\\"b\\\"\",\"ü\"]")
          .containsEntry("input", "images")
          .containsEntry("input_shape", "[2,4,5]")
          .containsEntry("mean", "[0.0,0.5]")
          .containsEntry("std", "[1.0,0.25]")
          .containsEntry("job_version", "1.2");
    }
  }

  @Test
  void whatIsNotExportedIsNamed() {
    long[] image = {2, 8, 8};
    assertRefused(
        one(new Deconvolution2D.Builder(2, 2).nOut(2).build(), image),
        "layer only cannot be exported: ONNX files of this job have no Deconvolution2D (only"
            + " ConvolutionBlock, Involution,");
    assertRefused(
        one(new ActivationLayer(Activation.CUBE), image),
        "layer only cannot be exported: ONNX files of this job have no ActivationLayer with the"
            + " activation cube");
    assertRefused(
        one(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.SUM).build(), image),
        "of the type SUM");
    ComputationGraphConfiguration two =
        builder()
            .addLayer("a", new ConvolutionBlock.Builder().nOut(1).build(), "in")
            .addLayer("b", new ConvolutionBlock.Builder().nOut(1).build(), "in")
            .setOutputs("a", "b")
            .setInputTypes(InputType.convolutional(8, 8, 2))
            .build();
    assertRefused(
        trained(two), "the net network has 2 outputs: only networks with one are exported");
  }

  private static void assertRefused(ComputationGraph network, String message) {
    assertThatThrownBy(() -> OnnxFile.of(network, about(Normalization.NONE, 2, 8, 8)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void moreWeightsThanTheFormatHoldsAreRefused() {
    ModelMetadata about = about(Normalization.NONE, 3, 32, 32);
    OnnxFile.requireFits(Integer.MAX_VALUE, about);

    assertThatThrownBy(() -> OnnxFile.requireFits(2_500_000_000L, about))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the net network has 2.5 GB of weights: an ONNX file holds at most 2 GB, so use the"
                + " model.zip");
  }

  private static void assertSame(ComputationGraph network, long... image) {
    INDArray images = Nd4j.rand(new long[] {3, image[0], image[1], image[2]}).subi(0.5);
    ModelMetadata about = about(Normalization.NONE, image);
    try (OnnxRuntime runtime = new OnnxRuntime(OnnxFile.of(network, about))) {
      // A layer may write into its input.
      INDArray expected = network.outputSingle(images.dup());
      INDArray found = runtime.output(images);
      assertThat(found.shape()).isEqualTo(expected.shape());
      double most = expected.amaxNumber().doubleValue();
      assertThat(found.sub(expected).amaxNumber().doubleValue())
          .as("%s of %s", network.getConfiguration().getVertices(), List.of(image))
          .isCloseTo(0, within(PRECISION * most));
    } finally {
      GraphState.close(network);
    }
  }

  /**
   * Layers side by side in one network, each on channels of its own, so that one session computes
   * all of them.
   */
  private static void assertSame(List<? extends Layer> layers, int channels, long... image) {
    GraphBuilder graph = builder();
    InputType type = InputType.convolutional(image[1], image[2], channels);
    String[] flat = new String[layers.size()];
    long[] sizes = new long[layers.size()];
    for (int i = 0; i < flat.length; i++) {
      graph
          .addLayer(
              "own" + i, new ConvolutionBlock.Builder().nOut(channels).kernelSize(1).build(), "in")
          .addLayer("layer" + i, layers.get(i), "own" + i);
      layers.get(i).setNIn(type, true);
      InputType output = layers.get(i).getOutputType(0, type);
      sizes[i] = output.arrayElementsPerExample();
      flat[i] = "layer" + i;
      if (output instanceof InputType.InputTypeConvolutional images) {
        flat[i] = "flat" + i;
        graph.addLayer(
            flat[i],
            new ActivationLayer(Activation.IDENTITY),
            new CnnToFeedForwardPreProcessor(
                images.getHeight(), images.getWidth(), images.getChannels()),
            "layer" + i);
      }
    }
    graph
        .addVertex("all", new MergeVertex(), flat)
        .addLayer(
            "out",
            new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
            "all");
    ComputationGraph network = trained(configuration(graph, image));
    INDArray images = Nd4j.rand(new long[] {3, image[0], image[1], image[2]}).subi(0.5);
    try (OnnxRuntime runtime =
        new OnnxRuntime(OnnxFile.of(network, about(Normalization.NONE, image)))) {
      INDArray expected = network.outputSingle(images.dup());
      INDArray found = runtime.output(images);
      assertThat(found.shape()).isEqualTo(expected.shape());
      long from = 0;
      for (int i = 0; i < sizes.length; i++) {
        var part = NDArrayIndex.interval(from, from + sizes[i]);
        INDArray own = expected.get(NDArrayIndex.all(), part);
        double most = own.amaxNumber().doubleValue();
        assertThat(most).as("%s of %s", layers.get(i), List.of(image)).isPositive();
        assertThat(found.get(NDArrayIndex.all(), part).sub(own).amaxNumber().doubleValue())
            .as("%s of %s", layers.get(i), List.of(image))
            .isCloseTo(0, within(PRECISION * most));
        from += sizes[i];
      }
    } finally {
      GraphState.close(network);
    }
  }

  private static ModelMetadata about(Normalization normalization, long... image) {
    ImageShape shape = new ImageShape((int) image[0], (int) image[1], (int) image[2]);
    return new ModelMetadata(
        "net", new DataSchema(shape, List.of("first", "second")), normalization, "test");
  }

  private static GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder().seed(3).graphBuilder().addInputs("in");
  }

  private static ComputationGraphConfiguration configuration(GraphBuilder layers, long... image) {
    return layers
        .setOutputs("out")
        .setInputTypes(InputType.convolutional(image[1], image[2], image[0]))
        .build();
  }

  /** A network that is one layer, and whose output is the layer's. */
  private static ComputationGraph one(Layer layer, long... image) {
    GraphBuilder layers =
        builder()
            .addLayer("only", layer, "in")
            .addLayer(
                "out",
                new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
                "only");
    return trained(configuration(layers, image));
  }

  /** A network as after training: no bias is zero, and statistics are not as at the start. */
  private static ComputationGraph trained(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    Nd4j.getRandom().setSeed(11);
    network
        .paramTable()
        .forEach(
            (key, values) -> {
              if (!key.endsWith("W")) {
                values.assign(Nd4j.rand(values.shape()).subi(0.5).muli(0.5));
              }
              if (key.endsWith("var") || key.endsWith("gamma")) {
                values.addi(1);
              }
            });
    return network;
  }
}
