package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.compute.ImageChunks;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

class ConvolutionBlockTest {
  private static final int CHANNELS = 2;
  private static final int FILTERS = 3;

  static Stream<BlockCases.Case> grid() {
    return BlockCases.grid(1, 2, 5, 8, 13);
  }

  static Stream<BlockCases.Case> tiledGrid() {
    return BlockCases.grid(1, 2, 3, 4, 5, 6, 7, 8, 9, 13).filter(BlockCases.Case::tiled);
  }

  @AfterEach
  void oneThread() {
    ImageChunks.useThreads(1);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void floatsAgreeWithThePlainDefinition(BlockCases.Case given) {
    compare(given, DataType.FLOAT, false, 1e-5);
  }

  @ParameterizedTest
  @MethodSource("tiledGrid")
  void tiledFloatsAgreeWithThePlainDefinition(BlockCases.Case given) {
    ConvolutionBlock block = given.block(9, 8);
    long seed = new Random().nextLong();
    compare(block, given.plain(block), new BlockRun(block, DataType.FLOAT), seed, 1e-5);
  }

  @Test
  void aTileMayHoldOtherPixelsThanThoseOfTheStepBefore() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nIn(8).nOut(8).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    for (int[] size : new int[][] {{3, 6}, {40, 6}, {33, 6}, {2, 9}, {1, 6}}) {
      PlainConvolution plain = new PlainConvolution(block, size[0], size[1], size[1]);
      compare(block, plain, run, 6, 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("grid")
  void nd4jOperationsAgreeWithThePlainDefinition(BlockCases.Case given) {
    compare(given, DataType.FLOAT, true, 1e-5);
  }

  @Test
  void nd4jOperationsPadWhereOnlyOneSideNeedsIt() {
    ConvolutionBlock block =
        new ConvolutionBlock.Builder().nIn(2).nOut(3).kernelSize(3).stride(4).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    run.layer.forceDevice();
    PlainConvolution plain = new PlainConvolution(block, 2, 8, 5);
    compare(block, plain, run, new Random().nextLong(), 1e-5);
  }

  @Test
  void theNetworksSizesAgreeWithThePlainDefinition() {
    long seed = new Random().nextLong();
    for (int[] size : new int[][] {{3, 32, 32}, {32, 64, 16}, {64, 64, 8}}) {
      ConvolutionBlock block =
          new ConvolutionBlock.Builder().nIn(size[0]).nOut(size[1]).pool(size[2] > 8).build();
      PlainConvolution plain = new PlainConvolution(block, 5, size[2], size[2]);
      compare(block, plain, new BlockRun(block, DataType.FLOAT), seed, 1e-5);
    }
  }

  /** With more pairs of filters and channels than the networks' own: products of other sizes. */
  @Test
  void deepLayersAgreeWithThePlainDefinition() {
    long seed = new Random().nextLong();
    for (int size : new int[] {3, 5, 8}) {
      ConvolutionBlock block =
          new ConvolutionBlock.Builder().nIn(66).nOut(67).pool(size > 5).build();
      PlainConvolution plain = new PlainConvolution(block, 5, size, size);
      compare(block, plain, new BlockRun(block, DataType.FLOAT), seed, 1e-5);
    }
  }

  /** More images than share a product, and then fewer. */
  @Test
  void deepLayersDivideLargeMinibatches() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nIn(66).nOut(67).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    for (int images : new int[] {300, 3}) {
      PlainConvolution plain = new PlainConvolution(block, images, 5, 1);
      compare(block, plain, run, new Random().nextLong(), 1e-5);
    }
  }

  private static void compare(
      BlockCases.Case given, DataType type, boolean device, double tolerance) {
    ConvolutionBlock block = given.block(CHANNELS, FILTERS);
    BlockRun run = new BlockRun(block, type);
    if (device) {
      run.layer.forceDevice();
    }
    long seed = new Random().nextLong();
    try {
      compare(block, given.plain(block), run, seed, tolerance);
    } catch (RuntimeException e) {
      throw new AssertionError(given + " seed " + seed, e);
    }
  }

  private static void compare(
      ConvolutionBlock block, PlainConvolution plain, BlockRun run, long seed, double tolerance) {
    Random random = new Random(seed);
    int patch = plain.channels * plain.kernel * plain.kernel;
    double[] weights = BlockCases.values(random, plain.filters * patch);
    double[] biases = BlockCases.values(random, block.hasBias() ? plain.filters : 0);
    run.set(weights, biases);
    // The second step meets the first one's scratch memory.
    for (int step = 0; step < 2; step++) {
      double[] pixels =
          BlockCases.values(random, plain.images * plain.channels * plain.height * plain.width);
      double[] outputs = plain.forward(pixels, weights, biases);
      String what =
          String.format(
              Locale.ROOT,
              "kernel %d stride %d SAME %s pool %s on %dx%d, seed %d",
              plain.kernel,
              plain.stride,
              block.isSame(),
              plain.pool,
              plain.height,
              plain.width,
              seed);
      assertThat(BlockCases.error(run.forward(pixels, plain.inputShape(), false), outputs))
          .as("inference of %s", what)
          .isLessThan(tolerance);
      assertThat(BlockCases.error(run.forward(pixels, plain.inputShape(), true), outputs))
          .as("training of %s", what)
          .isLessThan(tolerance);
      double[] gradients = BlockCases.values(random, plain.outputLength());
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = plain.isBesideKink(i) ? 0 : gradients[i];
      }
      double[] input = run.backward(gradients, plain.outputShape());
      double[][] expected = plain.backward(pixels, weights, gradients);
      double[][] actual = {input, run.weightGradients(), run.biasGradients()};
      for (int i = 0; i < (block.hasBias() ? 3 : 2); i++) {
        assertThat(BlockCases.error(actual[i], expected[i]))
            .as("gradient %d of %s", i, what)
            .isLessThan(tolerance);
      }
    }
  }

  @Test
  void aHandComputedExampleComesOutExactly() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nIn(1).nOut(1).pool(true).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    // A pixel less its left neighbour, less 1.
    run.set(new double[] {0, 0, 0, -1, 1, 0, 0, 0, 0}, new double[] {-1});
    double[] pixels = {1, 2, 9, 4, 3, 8, 1, 7};
    // Differences less 1: 0 0 6 -6 / 2 4 -8 5; so the two windows' maxima are 4 and 6.
    assertThat(run.forward(pixels, new long[] {1, 1, 2, 4}, true)).containsExactly(4, 6);
    // Winners: the pixel 8 (its left neighbour 3) and the pixel 9 (its left neighbour 2).
    assertThat(run.backward(new double[] {10, 100}, new long[] {1, 1, 1, 2}))
        .containsExactly(0, -100, 100, 0, -10, 10, 0, 0);
    assertThat(run.biasGradients()).containsExactly(110);
    assertThat(run.weightGradients()).containsExactly(10, 20, 90, 230, 980, 410, 800, 100, 700);
  }

  /** A pointwise product of whole images, of several small ones, and of pooled ones. */
  @Test
  void pointwiseMinibatchesAndImagesMayChangeTheirSize() {
    for (boolean pool : new boolean[] {false, true}) {
      for (boolean bias : new boolean[] {false, true}) {
        ConvolutionBlock block = linear(4, 5).pool(pool).bias(bias).build();
        BlockRun run = new BlockRun(block, DataType.FLOAT);
        for (int[] size : new int[][] {{70, 3}, {40, 17}, {133, 2}, {2, 9}, {64, 5}, {1, 6}}) {
          PlainConvolution plain = new PlainConvolution(block, size[0], size[1], size[1] + 1);
          compare(block, plain, run, 7, 1e-5);
        }
      }
    }
  }

  private static ConvolutionBlock.Builder linear(int channels, int filters) {
    return new ConvolutionBlock.Builder()
        .nIn(channels)
        .nOut(filters)
        .kernelSize(1)
        .activation(Activation.IDENTITY);
  }

  static Stream<ConvolutionBlock> paths() {
    return Stream.of(
        new ConvolutionBlock.Builder().nIn(5).nOut(7).pool(true).build(),
        new ConvolutionBlock.Builder().nIn(10).nOut(12).pool(true).build(),
        linear(10, 12).pool(true).build(),
        linear(10, 12).build(),
        new ConvolutionBlock.Builder().nIn(80).nOut(52).build(),
        linear(3, 4).bias(false).build());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void bitsDoNotDependOnTheNumberOfThreads(ConvolutionBlock block) {
    PlainConvolution plain = new PlainConvolution(block, 67, 9, 11);
    Random random = new Random(1);
    int patch = plain.channels * plain.kernel * plain.kernel;
    double[] weights = BlockCases.values(random, plain.filters * patch);
    double[] biases = BlockCases.values(random, plain.filters);
    double[] pixels = BlockCases.values(random, 67 * plain.channels * 9 * 11);
    double[] gradients = BlockCases.values(random, plain.outputLength());
    double[][] first = null;
    for (int threads : new int[] {1, 2, 3, 7}) {
      ImageChunks.useThreads(threads);
      BlockRun run = new BlockRun(block, DataType.FLOAT);
      run.set(weights, biases);
      double[] outputs = run.forward(pixels, plain.inputShape(), true);
      double[] input = run.backward(gradients, plain.outputShape());
      double[][] result = {outputs, input, run.weightGradients(), run.biasGradients()};
      first = first == null ? result : first;
      assertThat(result).as("with %d threads", threads).isDeepEqualTo(first);
    }
  }

  /** As a frozen layer does that passes gradients on. */
  @ParameterizedTest
  @MethodSource("paths")
  void theBackwardPassMayFollowAForwardPassThatIsNotForTraining(ConvolutionBlock block) {
    PlainConvolution plain = new PlainConvolution(block, 3, 9, 11);
    Random random = new Random(2);
    double[] pixels = BlockCases.values(random, 3 * plain.channels * 9 * 11);
    double[] gradients = BlockCases.values(random, plain.outputLength());
    double[][] first = null;
    for (boolean training : new boolean[] {true, false}) {
      BlockRun run = new BlockRun(block, DataType.FLOAT);
      run.parameters.assign(0.5);
      double[] outputs = run.forward(pixels, plain.inputShape(), training);
      double[] input = run.backward(gradients, plain.outputShape());
      double[][] result = {outputs, input, run.weightGradients(), run.biasGradients()};
      first = first == null ? result : first;
      assertThat(result).isDeepEqualTo(first);
    }
  }

  @Test
  void theFirstLayerOfANetworkGivesNoInputGradient() {
    ConvolutionBlock block =
        new ConvolutionBlock.Builder().nIn(1).nOut(1).inputGradient(false).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    run.forward(new double[4], new long[] {1, 1, 2, 2}, true);
    assertThat(run.backward(new double[4], new long[] {1, 1, 2, 2})).isNull();
  }

  @Test
  void minibatchesAndImagesMayChangeTheirSize() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nIn(2).nOut(3).pool(true).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    for (int[] size : new int[][] {{3, 6}, {40, 6}, {33, 6}, {2, 9}, {1, 6}}) {
      PlainConvolution plain = new PlainConvolution(block, size[0], size[1], size[1]);
      compare(block, plain, run, 5, 1e-5);
    }
  }

  @Test
  void notANumberIsNotHiddenByTheReluOrThePool() {
    ConvolutionBlock block =
        new ConvolutionBlock.Builder().nIn(1).nOut(1).kernelSize(1).pool(true).build();
    BlockRun run = new BlockRun(block, DataType.FLOAT);
    run.set(new double[] {1}, new double[] {0});
    for (int i = 0; i < 4; i++) {
      double[] pixels = {1, 1, 1, 1};
      pixels[i] = Double.NaN;
      assertThat(run.forward(pixels, new long[] {1, 1, 2, 2}, false)).containsExactly(Double.NaN);
    }
  }

  @Test
  void everySettingIsPartOfEquality() {
    ConvolutionBlock block = new ConvolutionBlock.Builder().nOut(1).build();
    ConvolutionBlock same = new ConvolutionBlock.Builder().nOut(1).build();
    assertThat(same).isEqualTo(block).hasSameHashCodeAs(block);
    assertThat(block.clone()).isEqualTo(block);
    for (ConvolutionBlock.Builder other :
        new ConvolutionBlock.Builder[] {
          new ConvolutionBlock.Builder().nOut(1).kernelSize(5),
          new ConvolutionBlock.Builder().nOut(1).stride(2),
          new ConvolutionBlock.Builder().nOut(1).same(false),
          new ConvolutionBlock.Builder().nOut(1).pool(true),
          new ConvolutionBlock.Builder().nOut(1).inputGradient(false),
          new ConvolutionBlock.Builder().nOut(1).bias(false),
          new ConvolutionBlock.Builder().nOut(1).trained(false),
          new ConvolutionBlock.Builder().nOut(1).activation(Activation.IDENTITY)
        }) {
      ConvolutionBlock different = other.build();
      assertThat(different).isNotEqualTo(block);
    }
  }

  @Test
  void wrongSettingsAreRefused() {
    assertThatThrownBy(() -> new ConvolutionBlock.Builder().nOut(1).kernelSize(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kernel size");
    assertThatThrownBy(() -> new ConvolutionBlock.Builder().nOut(1).stride(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stride");
    assertThatThrownBy(
            () -> new ConvolutionBlock.Builder().nOut(1).activation(Activation.TANH).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RELU");
    ConvolutionBlock block =
        new ConvolutionBlock.Builder().nIn(1).nOut(1).kernelSize(5).same(false).build();
    assertThatThrownBy(() -> block.getOutputType(0, InputType.convolutional(4, 4, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4x4");
    assertThatThrownBy(() -> block.getOutputType(0, InputType.feedForward(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NCHW");
    assertThatThrownBy(
            () ->
                new BlockRun(block, DataType.FLOAT)
                    .forward(new double[72], new long[] {1, 2, 6, 6}, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[images, 1, height, width]");
  }
}
