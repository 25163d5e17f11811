package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.involution.GroupOrder;
import io.involution.layers.involution.ParameterOffsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The float32 layer against the definition in float64, on fresh random numbers every run. */
public class InvolutionAgainstDefinitionTest {
  /** A variance in float32 may lose the square of it. */
  private static final double MOST_OFFSET = 10;

  /** The builder's settings, then the input's: channels, images, rows, columns. */
  public record Case(Involution.Builder builder, int channels, int batch, int height, int width) {
    @Override
    public String toString() {
      Involution conf = builder.nIn(channels).build();
      return conf + " on " + batch + "x" + height + "x" + width;
    }

    /** The layer with random parameters. */
    public InvolutionFixture fixture(DataType type, long seed) {
      return new InvolutionFixture(builder, channels, type, new Random(seed));
    }

    /** Random pixels, the same in every type. */
    public INDArray pixels(DataType type, long seed) {
      return InvolutionFixture.random(new Random(seed + 1), type, batch, channels, height, width);
    }

    /** A random gradient of an output, the same in every type. */
    public INDArray gradient(DataType type, INDArray output, long seed) {
      return InvolutionFixture.random(new Random(seed + 2), type, output.shape());
    }

    /** The seed of a layer and of pixels that decide no ReLU and no maximum narrowly. */
    public long steadySeed(boolean training) {
      return SteadyNumbers.seed(seed -> isSteady(seed, training));
    }

    private boolean isSteady(long seed, boolean training) {
      InvolutionFixture exact = fixture(DataType.DOUBLE, seed);
      INDArray start = exact.parameters.dup();
      return exact.offset(0, true) <= MOST_OFFSET
          && SteadyNumbers.steady(
              pixels(DataType.DOUBLE, seed),
              nudged -> {
                exact.parameters.assign(start);
                INDArray output = exact.forward(nudged, training);
                INDArray epsilon = gradient(DataType.DOUBLE, output, seed);
                INDArray inputGradient = exact.backward(epsilon).dup();
                return gradients(exact, inputGradient, training);
              },
              new Random(seed + 3));
    }
  }

  public static List<Case> cases() {
    return List.of(
        new Case(builder(3, 1, 1, 2).relu(true).pool(true), 3, 5, 32, 32),
        new Case(builder(3, 1, 1, 2).relu(true).pool(true), 3, 19, 7, 9),
        new Case(builder(3, 1, 1, 2).relu(true), 3, 37, 8, 8),
        new Case(builder(3, 1, 1, 2), 3, 40, 1, 1),
        new Case(builder(3, 1, 1, 3).pool(true), 3, 2, 5, 4),
        new Case(builder(5, 1, 1, 4).relu(true), 4, 3, 11, 6),
        new Case(builder(7, 1, 1, 8).relu(true), 3, 17, 5, 5),
        new Case(builder(3, 1, 1, 1).relu(true), 1, 17, 5, 5),
        new Case(builder(1, 1, 1, 2), 3, 6, 3, 40),
        new Case(builder(4, 1, 1, 2), 3, 2, 6, 5),
        new Case(builder(7, 1, 4, 4).relu(true).pool(true), 32, 5, 10, 9),
        new Case(builder(5, 1, 8, 4).relu(true).pool(true), 16, 19, 4, 5),
        new Case(builder(5, 1, 2, 3).groupOrder(GroupOrder.CONTIGUOUS).relu(true), 6, 33, 7, 3),
        new Case(builder(4, 1, 5, 1).pool(true), 5, 2, 5, 8),
        new Case(builder(1, 1, 2, 2), 4, 20, 2, 2),
        new Case(builder(6, 1, 1, 2).relu(true), 4, 1, 1, 3),
        new Case(builder(3, 2, 1, 2).relu(true), 3, 3, 9, 7),
        new Case(builder(3, 2, 2, 2).groupOrder(GroupOrder.CONTIGUOUS), 4, 18, 6, 5),
        new Case(builder(5, 3, 4, 1).relu(true), 4, 2, 8, 10),
        new Case(builder(5, 1, 3, 2).channel(16).relu(true).pool(true), 3, 2, 9, 9),
        new Case(builder(2, 2, 1, 1), 2, 3, 5, 4),
        new Case(builder(2, 1, 1, 2).relu(true), 3, 4, 6, 5),
        new Case(builder(4, 1, 1, 2), 3, 5, 9, 1),
        new Case(builder(2, 1, 2, 2), 4, 18, 6, 1));
  }

  private static Involution.Builder builder(int kernel, int stride, int groups, int reduction) {
    return new Involution.Builder()
        .kernelSize(kernel)
        .stride(stride)
        .groups(groups)
        .reductionRatio(reduction);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainingAgrees(Case setting) {
    check(setting, true);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferenceAgrees(Case setting) {
    check(setting, false);
  }

  private static void check(Case setting, boolean training) {
    long seed = setting.steadySeed(training);
    String label = setting + " seed " + seed;
    InvolutionFixture fixture = setting.fixture(DataType.FLOAT, seed);
    INDArray input = setting.pixels(DataType.FLOAT, seed);
    PlainInvolution plain = new PlainInvolution(fixture.conf, input, fixture.parameters, training);
    INDArray output = fixture.forward(input, training);
    assertClose(output, plain.values(plain.outputs), 1e-5, label + " output");
    INDArray epsilon = setting.gradient(DataType.FLOAT, output, seed);
    double[] gradients = plain.gradients(epsilon);
    INDArray inputGradient = fixture.backward(epsilon);
    assertClose(inputGradient, pick(gradients, plain.inputs), 1e-5, label + " input gradient");
    checkParameters(fixture, pick(gradients, plain.parameters), training, label);
    if (!training) {
      INDArray kernel = fixture.layer.kernel(input);
      assertClose(kernel, plain.values(plain.kernels), 1e-5, label + " kernel");
    }
  }

  /** The input's gradient and all parts of the parameters' that have a norm of their own. */
  private static INDArray[] gradients(
      InvolutionFixture exact, INDArray inputGradient, boolean training) {
    List<INDArray> gradients = new ArrayList<>(List.of(inputGradient, exact.gradient.dup()));
    int[] borders = borders(exact.offsets);
    for (int part = 0; part + 1 < borders.length; part++) {
      if (!isMeasuredByAll(exact.offsets, borders, part, training)) {
        INDArrayIndex range = NDArrayIndex.interval(borders[part], borders[part + 1]);
        gradients.add(exact.gradient.get(NDArrayIndex.all(), range).dup());
      }
    }
    return gradients.toArray(INDArray[]::new);
  }

  private static int[] borders(ParameterOffsets offsets) {
    return new int[] {
      0,
      offsets.reduceBias,
      offsets.gamma,
      offsets.beta,
      offsets.mean,
      offsets.spanWeights,
      offsets.spanBias,
      offsets.length
    };
  }

  /** One number alone can come near 0 by chance, and the biases' does always in training. */
  private static boolean isMeasuredByAll(
      ParameterOffsets offsets, int[] borders, int part, boolean training) {
    int from = borders[part];
    boolean alone = borders[part + 1] - from <= (from == offsets.mean ? 2 : 1);
    boolean vanishes = from == offsets.mean || (training && from == offsets.reduceBias);
    return vanishes || alone;
  }

  private static void checkParameters(
      InvolutionFixture fixture, double[] expected, boolean training, String label) {
    ParameterOffsets offsets = fixture.offsets;
    int[] borders = borders(offsets);
    double norm = norm(expected);
    for (int part = 0; part + 1 < borders.length; part++) {
      int from = borders[part];
      double error = 0;
      double reference = 0;
      for (int i = from; i < borders[part + 1]; i++) {
        double wanted = from == offsets.mean ? 0 : expected[i];
        error += Math.pow(fixture.gradient.getDouble(i) - wanted, 2);
        reference += wanted * wanted;
      }
      boolean byAll = isMeasuredByAll(offsets, borders, part, training);
      double scale = byAll ? norm : Math.sqrt(reference);
      assertThat(Math.sqrt(error))
          .as("%s gradient of part %d", label, part)
          .isLessThanOrEqualTo(1e-5 * scale);
    }
  }

  private static double[] pick(double[] gradients, int[] nodes) {
    double[] picked = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      picked[i] = gradients[nodes[i]];
    }
    return picked;
  }

  private static void assertClose(INDArray actual, double[] expected, double most, String label) {
    assertThat(actual.length()).as(label).isEqualTo(expected.length);
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      error += Math.pow(actual.getDouble(i) - expected[i], 2);
    }
    assertThat(Math.sqrt(error)).as(label).isLessThanOrEqualTo(most * norm(expected));
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
