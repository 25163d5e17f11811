package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.ImageChunks;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** The block's outputs and float32 gradients against {@link PlainNorm} and float64. */
class BatchNormBlockTest {
  /** Fewer and more images than chunks, features, and channels of one and of several stretches. */
  static Stream<NormCase> cases() {
    return NormCase.all(
        List.of(
            List.of(1, 3, 20),
            List.of(5, 7, 49),
            List.of(37, 5, 9),
            List.of(40, 19, 1),
            List.of(3, 2, 2600)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesWhatTheDefinitionSays(NormCase given) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PlainNorm plain = given.plain(random);
    double[] pixels = BlockCases.values(random, plain.length());
    double[] second = BlockCases.values(random, plain.length());
    double[] slopes = BlockCases.values(random, plain.length());
    NormRun exact = given.run(plain, DataType.DOUBLE);
    NormRun single = given.run(plain, DataType.FLOAT);
    plain.measure(pixels);
    double[] expected = plain.output(pixels, second);
    assertClose(exact.forward(pixels, second, true), expected, 1e-11, seed);
    assertClose(single.forward(pixels, second, true), expected, 5e-6, seed);

    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = plain.isBesideKink(i, pixels, second) ? 0 : slopes[i];
    }
    double[][] inputs = exact.backward(slopes);
    double[][] singles = single.backward(slopes);
    double tolerance = 2e-5;
    assertClose(singles[0], inputs[0], tolerance, seed);
    assertClose(singles[1], inputs[1], tolerance, seed);
    double scale = Math.sqrt((double) plain.images * plain.plane);
    assertClose(single.gradient("beta"), exact.gradient("beta"), tolerance * scale, seed);
    if (given.scaled()) {
      assertClose(single.gradient("gamma"), exact.gradient("gamma"), tolerance * scale, seed);
    }
    assertThat(exact.gradient("mean")).containsOnly(0);
    assertThat(exact.gradient("var")).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normalizesByTheRunningStatisticsWhenNothingIsTrained(NormCase given) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PlainNorm plain = given.plain(random);
    double[] pixels = BlockCases.values(random, plain.length());
    double[] second = BlockCases.values(random, plain.length());
    NormRun run = given.run(plain, DataType.FLOAT);
    run.forward(pixels, second, true);
    plain.measure(pixels);
    boolean one = plain.images * plain.plane == 1;
    double share = one ? 0 : 0.1;
    plain.mean = Arrays.stream(plain.mean).map(mean -> share * mean).toArray();
    plain.variance = Arrays.stream(plain.variance).map(v -> 1 - share + share * v).toArray();
    assertClose(run.get("mean"), plain.mean, 1e-6, seed);
    assertClose(run.get("var"), plain.variance, 1e-6, seed);

    double[] other = BlockCases.values(random, plain.length());
    double[] expected = plain.output(other, second);
    assertClose(run.forward(other, second, false), expected, 5e-6, seed);
    assertClose(run.get("mean"), plain.mean, 1e-6, seed);
  }

  private static void assertClose(double[] actual, double[] expected, double most, long seed) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .as("entry %d, seed %d", i, seed)
          .isCloseTo(expected[i], within(most * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Random random = new Random();
    NormCase given = new NormCase("GELU", "before", true, List.of(37, 5, 130));
    PlainNorm plain = given.plain(random);
    double[] pixels = BlockCases.values(random, plain.length());
    double[] second = BlockCases.values(random, plain.length());
    double[] slopes = BlockCases.values(random, plain.length());
    try {
      double[] one = everything(1, given.run(plain, DataType.FLOAT), pixels, second, slopes);
      for (int threads : new int[] {2, 5, 16}) {
        NormRun run = given.run(plain, DataType.FLOAT);
        assertThat(everything(threads, run, pixels, second, slopes)).isEqualTo(one);
      }
    } finally {
      ImageChunks.useThreads(1);
    }
  }

  private static double[] everything(
      int threads, NormRun run, double[] pixels, double[] second, double[] slopes) {
    ImageChunks.useThreads(threads);
    double[] output = run.forward(pixels, second, true);
    double[][] gradients = run.backward(slopes);
    return Stream.of(
            output,
            gradients[0],
            gradients[1],
            run.gradient("gamma"),
            run.gradient("beta"),
            run.get("mean"),
            run.get("var"))
        .flatMapToDouble(DoubleStream::of)
        .toArray();
  }

  @Test
  void aMinibatchOfOneExampleLeavesTheStatisticsAlone() {
    NormCase given = new NormCase("IDENTITY", "none", true, List.of(1, 3, 1));
    PlainNorm plain = given.plain(new Random());
    NormRun run = given.run(plain, DataType.FLOAT);

    assertThat(run.forward(new double[] {1, 2, 3}, null, true)).isEqualTo(plain.beta);
    assertThat(run.get("mean")).containsOnly(0);
    assertThat(run.get("var")).containsOnly(1);
    assertClose(run.backward(new double[] {1, 1, 1})[0], new double[3], 0, 0);
  }

  @Test
  void aMeanFarFromZeroLosesNothing() {
    Random random = new Random();
    PlainNorm plain = new PlainNorm(64, 2, 25, "IDENTITY", "none");
    plain.gamma = new double[] {1, 1};
    plain.beta = new double[] {0, 0};
    plain.epsilon = 1e-12;
    double[] pixels =
        Arrays.stream(BlockCases.values(random, plain.length()))
            .map(value -> (float) (1000 + value / 64))
            .toArray();
    NormRun run = new NormRun(plain, false, DataType.FLOAT);
    plain.measure(pixels);

    assertClose(run.forward(pixels, null, true), plain.output(pixels, null), 1e-5, 0);
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new BatchNormBlock.Builder().activation(Activation.TANH).build())
        .hasMessageContaining("must be IDENTITY, RELU or GELU");
    assertThatThrownBy(() -> new BatchNormBlock.Builder().decay(1.5).build())
        .hasMessageContaining("decay must be from 0 to 1");
    assertThatThrownBy(() -> new BatchNormBlock.Builder().epsilon(0).build())
        .hasMessageContaining("epsilon must be a positive number");
    assertThatThrownBy(() -> new BatchNormBlock.Builder().betaRate(-1).build())
        .hasMessageContaining("betaRate must be a positive number");
    assertThatThrownBy(() -> new BatchNormBlock.Builder().nIn(3).nOut(4).build())
        .hasMessageContaining("leave out nOut(4)");
  }
}
