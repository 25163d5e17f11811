package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Float64 gradients against central finite differences of {@link PlainNorm}. */
class BatchNormGradientTest {
  private static final double STEP = 1e-5;

  static Stream<NormCase> cases() {
    return NormCase.all(List.of(List.of(2, 3, 4), List.of(19, 2, 1), List.of(1, 2, 1500)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreTheSlopesOfTheOutputs(NormCase given) {
    for (boolean training : new boolean[] {true, false}) {
      long seed = new Random().nextLong();
      check(given, training, seed);
    }
  }

  private static void check(NormCase given, boolean training, long seed) {
    Random random = new Random(seed);
    PlainNorm plain = given.plain(random);
    double[] pixels = BlockCases.values(random, plain.length());
    double[] second = BlockCases.values(random, plain.length());
    double[] slopes = BlockCases.values(random, plain.length());
    NormRun run = given.run(plain, DataType.DOUBLE);
    if (!training) {
      plain.mean = BlockCases.values(random, plain.channels);
      plain.variance = random.doubles(plain.channels, 0.5, 2).toArray();
      run.set("mean", plain.mean);
      run.set("var", plain.variance);
    }
    run.forward(pixels, second, training);
    double[][] inputs = run.backward(slopes);
    double[][] values = {pixels, second, plain.beta, plain.gamma};
    double[][] gradients = {
      inputs[0],
      inputs[1],
      run.gradient("beta"),
      given.scaled() ? run.gradient("gamma") : new double[0]
    };
    int checked = 0;
    for (int kind = 0; kind < values.length; kind++) {
      for (int probe = 0; probe < Math.min(8, gradients[kind].length); probe++) {
        int index = random.nextInt(gradients[kind].length);
        double kept = values[kind][index];
        double middle = loss(plain, training, pixels, second, slopes);
        values[kind][index] = kept + STEP;
        double right = (loss(plain, training, pixels, second, slopes) - middle) / STEP;
        values[kind][index] = kept - STEP;
        double left = (middle - loss(plain, training, pixels, second, slopes)) / STEP;
        values[kind][index] = kept;
        // Beside the kink of the ReLU the two sides differ.
        if (Math.abs(right - left) > 2e-4 * (1 + Math.abs(right))) {
          continue;
        }
        checked++;
        double expected = (right + left) / 2;
        assertThat(Math.abs(gradients[kind][index] - expected) / Math.max(1, Math.abs(expected)))
            .as("kind %d index %d of %s seed %d", kind, index, given, seed)
            .isLessThan(2e-5);
      }
    }
    assertThat(checked).as("values checked, seed %d", seed).isPositive();
  }

  private static double loss(
      PlainNorm plain, boolean training, double[] pixels, double[] second, double[] slopes) {
    if (training) {
      plain.measure(pixels);
    }
    double[] outputs = plain.output(pixels, second);
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      sum += outputs[i] * slopes[i];
    }
    return sum;
  }
}
