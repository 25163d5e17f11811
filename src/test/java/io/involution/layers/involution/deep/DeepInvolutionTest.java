package io.involution.layers.involution.deep;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.layers.SteadyNumbers;
import io.involution.layers.involution.GroupOrder;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.InvolutionShape.Generator;
import io.involution.layers.involution.InvolutionShape.Pass;
import io.involution.layers.involution.general.GeneralInvolution;
import io.involution.layers.involution.grouped.GroupedInvolution;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The path for deep networks against the general one in float64, on fresh random numbers. */
class DeepInvolutionTest {
  @BeforeEach
  void useOneNativeThread() {
    NativeThreads.useOne();
  }

  @AfterEach
  void useOneThread() {
    ImageChunks.useThreads(1);
  }

  /**
   * Shapes of deep networks: micro-batches of one and of several images, of unequal size, too; and
   * kernels of an even size, whose taps reach fewer rows up than down.
   */
  @ParameterizedTest
  @CsvSource({
    "32, 8, 3, 2, 32, 33, 3, CONTIGUOUS",
    "32, 8, 7, 8, 31, 32, 3, CONTIGUOUS",
    "64, 16, 3, 4, 15, 16, 5, CONTIGUOUS",
    "48, 12, 5, 12, 7, 8, 35, INTERLEAVED",
    "512, 128, 3, 32, 4, 5, 17, CONTIGUOUS",
    "256, 64, 5, 64, 8, 8, 2, CONTIGUOUS",
    "128, 32, 7, 8, 3, 4, 37, INTERLEAVED",
    "4, 1, 3, 1, 1, 2, 5, CONTIGUOUS",
    "8, 2, 2, 2, 5, 6, 3, CONTIGUOUS",
    "8, 2, 4, 2, 7, 1, 4, CONTIGUOUS",
    "8, 2, 6, 2, 9, 1, 19, CONTIGUOUS",
  })
  void agreesWithTheGeneralPath(
      int channels,
      int reduced,
      int kernel,
      int groups,
      int height,
      int width,
      int images,
      GroupOrder order) {
    Generator generator = new Generator(channels, reduced, kernel, groups, order);
    for (boolean relu : new boolean[] {false, true}) {
      Pass pass = new Pass(relu, relu && Math.min(height, width) > 2, true);
      InvolutionShape shape = new InvolutionShape(generator, 1, pass, height, width);
      long seed = SteadyNumbers.seed(some -> new Step(shape, images, some).isSteady());
      Step step = new Step(shape, images, seed);
      INDArray[] found = step.run(new DeepInvolution(shape), DataType.FLOAT);
      INDArray[] wanted = step.exact(step.input);
      for (int i = 0; i < found.length; i++) {
        double error = found[i].castTo(DataType.DOUBLE).sub(wanted[i]).norm2Number().doubleValue();
        assertThat(error)
            .as("seed %d relu %s, result %d", seed, relu, i)
            .isLessThanOrEqualTo(2e-5 * wanted[i].norm2Number().doubleValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"32, 8, 5, 8, 9, 45", "32, 8, 3, 2, 31, 5"})
  void anyNumberOfThreadsGivesTheSameBits(
      int channels, int reduced, int kernel, int groups, int size, int images) {
    Generator generator = new Generator(channels, reduced, kernel, groups, GroupOrder.CONTIGUOUS);
    InvolutionShape shape =
        new InvolutionShape(generator, 1, new Pass(false, false, true), size, size);
    Step step = new Step(shape, images, new Random().nextLong());
    INDArray[] one = step.run(new DeepInvolution(shape), DataType.FLOAT);
    for (int threads : new int[] {2, 3, ImageChunks.MOST}) {
      ImageChunks.useThreads(threads);
      INDArray[] several = step.run(new DeepInvolution(shape), DataType.FLOAT);
      for (int i = 0; i < one.length; i++) {
        assertThat(several[i].data().asBytes())
            .as("%d threads, result %d", threads, i)
            .isEqualTo(one[i].data().asBytes());
      }
    }
  }

  /** Step closes the path: the next step takes its memory anew. */
  @ParameterizedTest
  @CsvSource({"true, true", "false, true", "true, false"})
  void aSmallerMinibatchAfterALargerOneIsAsIfItWereTheFirst(boolean inputGradient, boolean deep) {
    Generator generator = new Generator(32, 8, 5, 4, GroupOrder.CONTIGUOUS);
    InvolutionShape shape =
        new InvolutionShape(generator, 1, new Pass(false, false, inputGradient), 7, 7);
    Step large = new Step(shape, 50, new Random().nextLong());
    Step small = new Step(shape, 33, new Random().nextLong());
    InvolutionPath used = path(deep, shape);
    large.run(used, DataType.FLOAT);
    INDArray[] after = small.run(used, DataType.FLOAT);
    INDArray[] fresh = small.run(path(deep, shape), DataType.FLOAT);
    for (int i = 0; i < fresh.length; i++) {
      assertThat(after[i]).isEqualTo(fresh[i]);
    }
  }

  private static InvolutionPath path(boolean deep, InvolutionShape shape) {
    return deep ? new DeepInvolution(shape) : new GroupedInvolution(shape);
  }

  /** A minibatch, parameters and an output's gradient, in float64. */
  private static final class Step {
    private final Random random;
    private final InvolutionShape shape;
    private final INDArray input;
    private final INDArray parameters;
    private final INDArray epsilon;

    Step(InvolutionShape shape, int images, long seed) {
      random = new Random(seed);
      this.shape = shape;
      input = normal(images, shape.channels, shape.height, shape.width);
      parameters = normal(1, shape.offsets().length).muli(0.3);
      shape.offsets().views(parameters).get("gamma").addi(1);
      shape.offsets().views(parameters).get("var").assign(1);
      epsilon = normal(images, shape.channels, shape.pooledHeight(), shape.pooledWidth());
    }

    private INDArray normal(long... sizes) {
      float[] values =
          new float[(int) Arrays.stream(sizes).reduce(1, (left, right) -> left * right)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Nd4j.create(values, sizes, 'c');
    }

    boolean isSteady() {
      return SteadyNumbers.steady(
          input.castTo(DataType.DOUBLE),
          nudged -> {
            INDArray[] results = exact(nudged);
            return Arrays.copyOfRange(results, 2, results.length);
          },
          random);
    }

    INDArray[] exact(INDArray pixels) {
      return run(new GeneralInvolution(shape), DataType.DOUBLE, pixels);
    }

    /** Output, moved parameters, their gradient, and the input's gradient if there is one. */
    INDArray[] run(InvolutionPath path, DataType type) {
      return run(path, type, input);
    }

    private INDArray[] run(InvolutionPath path, DataType type, INDArray pixels) {
      INDArray vector = parameters.castTo(type).dup('c');
      INDArray images = pixels.castTo(type);
      INDArray arriving = epsilon.castTo(type);
      INDArray output = Nd4j.create(type, epsilon.shape());
      INDArray gradient = Nd4j.create(type, vector.shape());
      INDArray inputGradient = shape.inputGradient ? Nd4j.create(type, images.shape()) : null;
      try {
        path.forward(images, vector, true, output);
        path.backward(images, arriving, gradient, inputGradient);
        path.close();
      } finally {
        // Paths see addresses only.
        Reference.reachabilityFence(arriving);
        Reference.reachabilityFence(images);
      }
      return inputGradient == null
          ? new INDArray[] {output, vector, gradient}
          : new INDArray[] {output, vector, gradient, inputGradient};
    }
  }
}
