package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Float64 gradients against central finite differences of the block's own outputs. */
class ConvolutionBlockGradientTest {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-5;

  /** How many values of each kind are moved; all of them where there are no more. */
  private static final int MOST_PROBES = 12;

  static Stream<BlockCases.Case> grid() {
    return BlockCases.grid(1, 2, 5, 8);
  }

  static Stream<BlockCases.Case> tiledGrid() {
    return BlockCases.grid(1, 2, 3, 4, 5, 8, 9).filter(BlockCases.Case::tiled);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void gradientsAreTheSlopesOfTheOutputs(BlockCases.Case given) {
    check(given, 2, 2);
  }

  @ParameterizedTest
  @MethodSource("tiledGrid")
  void tiledGradientsAreTheSlopesOfTheOutputs(BlockCases.Case given) {
    check(given, 8, 8);
  }

  @Test
  void deepGradientsAreTheSlopesOfTheOutputs() {
    check(new BlockCases.Case(3, 1, true, true, 3, 5), 65, 64);
    check(new BlockCases.Case(3, 1, false, false, 2, 6), 64, 65);
  }

  private static void check(BlockCases.Case given, int channels, int filters) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ConvolutionBlock block = given.block(channels, filters);
    PlainConvolution plain = given.plain(block);
    BlockRun run = new BlockRun(block, DataType.DOUBLE);
    int patch = channels * plain.kernel * plain.kernel;
    double[] pixels =
        BlockCases.values(random, plain.images * channels * plain.height * plain.width);
    double[] weights = BlockCases.values(random, filters * patch);
    double[] biases = BlockCases.values(random, block.hasBias() ? filters : 0);
    double[] slopes = BlockCases.values(random, plain.outputLength());
    run.set(weights, biases);
    run.forward(pixels, plain.inputShape(), true);
    double[] input = run.backward(slopes, plain.outputShape());
    double[][] gradients = {input, run.weightGradients(), run.biasGradients()};
    double[][] values = {pixels, weights, biases};
    int checked = 0;
    for (int kind = 0; kind < 3; kind++) {
      for (int probe = 0; probe < Math.min(MOST_PROBES, values[kind].length); probe++) {
        int index =
            values[kind].length <= MOST_PROBES ? probe : random.nextInt(values[kind].length);
        double[] sides = new Probe(run, plain, slopes).sides(values, kind, index);
        // Beside a kink of the ReLU or a tie of the pool the two sides differ.
        if (Math.abs(sides[0] - sides[1]) > 1e-6 * (1 + Math.abs(sides[0]))) {
          continue;
        }
        checked++;
        double expected = (sides[0] + sides[1]) / 2;
        double actual = gradients[kind][index];
        assertThat(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)))
            .as("kind %d index %d of %s seed %d", kind, index, given, seed)
            .isLessThan(TOLERANCE);
      }
    }
    assertThat(checked).as("values checked, seed %d", seed).isPositive();
  }

  /** The weighted sum of the outputs as a function of one moved value. */
  private static final class Probe {
    private final BlockRun run;
    private final PlainConvolution plain;
    private final double[] slopes;

    Probe(BlockRun run, PlainConvolution plain, double[] slopes) {
      this.run = run;
      this.plain = plain;
      this.slopes = slopes;
    }

    /** Slopes to the right and to the left. */
    double[] sides(double[][] values, int kind, int index) {
      double middle = loss(values);
      double kept = values[kind][index];
      values[kind][index] = kept + STEP;
      double right = loss(values);
      values[kind][index] = kept - STEP;
      double left = loss(values);
      values[kind][index] = kept;
      return new double[] {(right - middle) / STEP, (middle - left) / STEP};
    }

    private double loss(double[][] values) {
      run.set(values[1], values[2]);
      double[] outputs = run.forward(values[0], plain.inputShape(), true);
      double sum = 0;
      for (int i = 0; i < outputs.length; i++) {
        sum += outputs[i] * slopes[i];
      }
      return sum;
    }
  }
}
