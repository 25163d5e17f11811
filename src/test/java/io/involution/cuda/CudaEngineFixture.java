package io.involution.cuda;

import io.involution.config.InvolutionOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.value.Augmentation;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import io.involution.model.Normalization;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.ModelState;
import io.involution.train.Assignment;
import io.involution.train.LocalSteps;
import io.involution.train.LocalTrainer;
import io.involution.train.Place;
import io.involution.train.StepEngine;
import io.involution.train.WorkerUpdate;
import io.involution.train.time.Round;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** Small networks and data for tests of engines. */
final class CudaEngineFixture {
  static final ImageShape IMAGE = new ImageShape(3, 8, 9);

  /** Small images that are large enough for deep networks. */
  static final ImageShape DEEP_IMAGE = new ImageShape(3, 9, 10);

  private static final DataSchema SCHEMA =
      new DataSchema(IMAGE, List.of("one", "two", "three", "four"));
  private static final DataSchema DEEP_SCHEMA = new DataSchema(DEEP_IMAGE, SCHEMA.classes());

  private CudaEngineFixture() {}

  /** A network for small images, with a learning rate that changes and weight decay. */
  static NetworkBlueprint blueprint(NetworkKind kind) {
    NetworkOptions options =
        new NetworkOptions(
            7,
            LocalRule.adam(new LearningRate(0.01, 3, 40), 0.02),
            InvolutionOptions.REFERENCE,
            NetworkKind.SMALL.contains(kind) ? SCHEMA : DEEP_SCHEMA);
    return NetworkBlueprint.of(kind.label(), kind.configuration(options))
        .with(new Normalization(List.of(0.4, 0.5, 0.6), List.of(0.2, 0.3, 0.25)));
  }

  /** A network trained by Adam that takes images, without layers. */
  static GraphBuilder begin(long seed, ImageShape image) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()));
  }

  /** A network without hidden images, whose kernels are quick. */
  static NetworkBlueprint dense() {
    ComputationGraphConfiguration network =
        begin(3, IMAGE)
            .addLayer("hidden", new Dense(12), "input")
            .addLayer("dense", new Dense(5), "hidden")
            .addLayer("output", new SoftmaxOutput(SCHEMA.classCount()), "dense")
            .setOutputs("output")
            .build();
    return NetworkBlueprint.of("dense", network);
  }

  /** A network with all kinds of layers that deep networks have, and shortcuts of both kinds. */
  static NetworkBlueprint residual() {
    GraphBuilder layers =
        begin(4, IMAGE)
            .addLayer("conv", new ConvolutionBlock.Builder().nOut(10).build(), "input")
            .addLayer("gelu", new Gelu(), "conv")
            .addLayer("norm", norm(Activation.GELU, false), "gelu")
            .addLayer(
                "involution", new Involution.Builder().groups(2).contiguous().build(), "norm");
    ShortcutVertex.addAfterActivation(
        layers, "after", norm(Activation.GELU, true), "involution", "norm");
    layers
        .addLayer("reduce", new ConvolutionBlock.Builder().nOut(6).stride(2).build(), "after")
        .addLayer("project", new ConvolutionBlock.Builder().nOut(6).stride(2).build(), "after")
        .addLayer("project-norm", norm(Activation.IDENTITY, true), "project");
    ShortcutVertex.addBeforeActivation(
        layers, "before", norm(Activation.RELU, true), "reduce", "project-norm");
    ComputationGraphConfiguration network =
        layers
            .addLayer("pool", new GlobalPool(GlobalPool.Kind.MAX), "before")
            .addVertex("scale", new ScaleVertex(0.7), "pool")
            .addLayer("output", new SoftmaxOutput(SCHEMA.classCount()), "scale")
            .setOutputs("output")
            .build();
    return NetworkBlueprint.of("residual", network);
  }

  private static BatchNormBlock norm(Activation activation, boolean scale) {
    return new BatchNormBlock.Builder()
        .activation(activation)
        .scale(scale)
        .decay(0.6)
        .betaRate(4)
        .build();
  }

  /** A network with every kind of layer, whose matrices Muon trains. */
  static NetworkBlueprint muon() {
    LearningRate rate = new LearningRate(0.01, 3, 40);
    NetworkBlueprint trained =
        trained(
            residual(),
            new LocalRule(
                OptimizerOptions.of(OptimizerChoice.MUON, 0.02),
                rate,
                new LearningRate(0.001, 3, 40)));
    return NetworkBlueprint.of("muon", ComputationGraphConfiguration.fromJson(trained.json()));
  }

  /** A network with the updaters and the weight decay of a rule. */
  static NetworkBlueprint trained(NetworkBlueprint blueprint, LocalRule rule) {
    ComputationGraphConfiguration network =
        ComputationGraphConfiguration.fromJson(blueprint.json());
    rule.updaters(network);
    for (GraphVertex vertex : network.getVertices().values()) {
      if (vertex instanceof LayerVertex own
          && own.getLayerConf().getLayer() instanceof BaseLayer layer) {
        rule.decay(layer, List.of());
      }
    }
    return NetworkBlueprint.of(blueprint.label(), network).with(blueprint.normalization());
  }

  /** A network whose convolutions take every kernel of tensor cores. */
  static NetworkBlueprint tensors() {
    ConvolutionBlock[] blocks = {
      convolution(8, 3).build(),
      convolution(16, 3).build(),
      convolution(40, 3).build(),
      convolution(8, 3).same(false).build(),
      convolution(8, 1).build(),
      convolution(8, 3).pool(true).build(),
      convolution(8, 3).build()
    };
    GraphBuilder layers = begin(3, IMAGE);
    String before = "input";
    for (int i = 0; i < blocks.length; i++) {
      layers.addLayer("conv" + i, blocks[i], before);
      before = "conv" + i;
    }
    return NetworkBlueprint.of(
        "tensors",
        layers
            .addLayer("output", new SoftmaxOutput(SCHEMA.classCount()), before)
            .setOutputs("output")
            .build());
  }

  private static ConvolutionBlock.Builder convolution(int filters, int kernelSize) {
    return new ConvolutionBlock.Builder().nOut(filters).kernelSize(kernelSize);
  }

  static Shard shard(int size, long seed) {
    return shard(IMAGE, size, seed);
  }

  static Shard shard(ImageShape image, int size, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * image.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (short) random.nextInt(SCHEMA.classCount());
    }
    return new Shard(image, SCHEMA.classCount(), pixels, labels);
  }

  /** An epoch of one example a step. */
  static LocalSteps singles(Shard shard) {
    int size = shard.size();
    return new LocalSteps(
        shard,
        IntStream.range(0, size).toArray(),
        new long[0],
        IntStream.rangeClosed(0, size).toArray(),
        new Assignment(0, new Round(1, 1, 0, size, size), 5));
  }

  /** A worker's steps of the first epoch, from first to last. */
  static WorkerUpdate steps(
      StepEngine engine, ModelState start, Shard shard, int first, int last, int ofEpoch) {
    Round round = new Round(1, 1, first, last, ofEpoch);
    return new LocalTrainer(engine)
        .run(
            new Assignment(0, round, 5, Augmentation.USUAL),
            start,
            shard,
            new Place("here", "0", "GPU", 0),
            0);
  }
}
