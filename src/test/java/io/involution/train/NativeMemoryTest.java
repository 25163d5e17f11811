package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a worker takes outside the heap, measured against what is said at the start of a run. */
@Isolated("counts what the whole JVM allocates")
class NativeMemoryTest {
  /** Collections one after the other that must have freed nothing. */
  private static final int QUIET_COLLECTIONS = 4;

  @ParameterizedTest
  @CsvSource({"1, 2.2", "8, 1.2", "100, 1.1", "512, 1.1"})
  void aConvolutionTakesWhatItIsSaidToTake(int examples, double most) throws Exception {
    long least = least(NetworkKind.CONVOLUTION, ImageShape.CIFAR10, examples);
    assertThat(taken(NetworkKind.CONVOLUTION, ImageShape.CIFAR10, examples))
        .isBetween(least, (long) (most * least));
  }

  @ParameterizedTest
  @CsvSource({"1, 28, 28", "4, 48, 64"})
  void imagesOfOtherSizesTakeNoLess(int channels, int height, int width) throws Exception {
    ImageShape image = new ImageShape(channels, height, width);
    assertThat(taken(NetworkKind.CONVOLUTION, image, 64))
        .isGreaterThanOrEqualTo(least(NetworkKind.CONVOLUTION, image, 64));
  }

  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"DEEP_CONVOLUTION", "DEEP_INVOLUTION", "RESNET", "REDNET"})
  void deepNetworksTakeAtLeastWhatIsAskedFor(NetworkKind kind) throws Exception {
    long least = least(kind, ImageShape.CIFAR10, 32);

    assertThat(taken(kind, ImageShape.CIFAR10, 32)).isBetween(least, least * 5 / 4);
  }

  @Test
  void involutionsTakeLittle() throws Exception {
    for (NetworkKind kind :
        new NetworkKind[] {NetworkKind.INVOLUTION, NetworkKind.WIDE_INVOLUTION}) {
      assertThat(least(kind, ImageShape.CIFAR10, 512)).isZero();
      assertThat(taken(kind, ImageShape.CIFAR10, 512)).isLessThan(12_000_000);
    }
  }

  /** A network of these layers, one after the other. */
  private static NetworkBlueprint users(ImageShape image, Layer... layers) {
    var graph =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("images")
            .setInputTypes(
                InputType.convolutional(image.height(), image.width(), image.channels()));
    String before = "images";
    for (int i = 0; i < layers.length; i++) {
      graph.addLayer("layer" + i, layers[i], before);
      before = "layer" + i;
    }
    return NetworkBlueprint.of("users", graph.setOutputs(before).build());
  }

  @Test
  void aUsersConvolutionsCountToo() throws Exception {
    ImageShape image = new ImageShape(3, 20, 24);
    NetworkBlueprint network =
        users(
            image,
            new ConvolutionLayer.Builder(5, 5).nOut(16).build(),
            new ConvolutionBlock.Builder().nOut(96).build(),
            new ConvolutionBlock.Builder().nOut(96).build(),
            new GlobalPool(GlobalPool.Kind.MAX),
            new SoftmaxOutput(10));
    long least = NativeMemory.least(network, image, 32);

    assertThat(taken(network, image, 32)).isBetween(least, least * 5 / 4);
  }

  /** The longest array is a layer's output, or what a convolution keeps of all images. */
  @ParameterizedTest
  @CsvSource({
    "RESNET, 192, 227",
    "RESNET, 256, 127",
    "REDNET, 256, 127",
    "WIDE_INVOLUTION, 256, 255",
    "DEEP_CONVOLUTION, 256, 227"
  })
  void noArrayOfAMinibatchReachesTwoGibibytes(NetworkKind kind, int side, int most) {
    ImageShape image = new ImageShape(3, side, side);
    NetworkBlueprint network = blueprint(kind, image);

    assertThat(NativeMemory.most(network, image)).isEqualTo(most);
    assertThat(NativeMemory.evaluated(network, image)).isEqualTo(most);
  }

  @ParameterizedTest
  @EnumSource(NetworkKind.class)
  void smallImagesAreEvaluatedAsEver(NetworkKind kind) {
    NetworkBlueprint network = blueprint(kind, ImageShape.CIFAR10);

    assertThat(NativeMemory.most(network, ImageShape.CIFAR10)).isGreaterThanOrEqualTo(256);
    assertThat(NativeMemory.evaluated(network, ImageShape.CIFAR10)).isEqualTo(256);
  }

  /** Only the images count, which a minibatch writes as our layers do. */
  @Test
  void layersOfDl4jHaveNoSuchLimit() {
    OutputLayer output = new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build();
    NetworkBlueprint network =
        users(ImageShape.CIFAR10, new ConvolutionLayer.Builder(3, 3).nOut(4096).build(), output);

    assertThat(NativeMemory.most(network, ImageShape.CIFAR10))
        .isEqualTo(Integer.MAX_VALUE / Float.BYTES / ImageShape.CIFAR10.pixels());
  }

  private static long least(NetworkKind kind, ImageShape image, int examples) {
    return NativeMemory.least(blueprint(kind, image), image, examples);
  }

  private static NetworkBlueprint blueprint(NetworkKind kind, ImageShape image) {
    NetworkOptions options =
        new NetworkOptions(
            1,
            LocalRule.adam(LearningRate.constant(0.001), 0),
            InvolutionOptions.REFERENCE,
            new DataSchema(image, DataSchema.CIFAR10.classes()));
    return NetworkBlueprint.of(kind.label(), kind.configuration(options));
  }

  private static long taken(NetworkKind kind, ImageShape image, int examples) throws Exception {
    return taken(blueprint(kind, image), image, examples);
  }

  /**
   * Bytes that two local steps leave allocated; scratch memory is kept until the network closes.
   */
  private static long taken(NetworkBlueprint network, ImageShape image, int examples)
      throws Exception {
    settle();
    NativeThreads.useOne();
    long before = Pointer.totalBytes();
    ComputationGraph graph = network.build();
    try (INDArray images = Nd4j.rand(examples, image.channels(), image.height(), image.width());
        INDArray labels = Nd4j.zeros(examples, DataSchema.CIFAR10.classCount())) {
      labels.getColumn(0).assign(1);
      for (int step = 0; step < 2; step++) {
        graph.fit(new INDArray[] {images}, new INDArray[] {labels});
      }
      return Pointer.totalBytes() - before;
    } finally {
      GraphState.close(graph);
    }
  }

  /**
   * Waits until what the collector frees is freed: it would count as negative. Threads in the
   * background free it, which a busy machine may keep waiting for longer than one collection.
   */
  private static void settle() throws InterruptedException {
    int quiet = 0;
    while (quiet < QUIET_COLLECTIONS) {
      long before = Pointer.totalBytes();
      System.gc();
      Thread.sleep(50);
      quiet = Pointer.totalBytes() < before ? 0 : quiet + 1;
    }
  }
}
