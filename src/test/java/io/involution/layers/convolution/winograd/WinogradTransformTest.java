package io.involution.layers.convolution.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.layers.array.DoubleArrays;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The transforms on one tile in float64, against the sums they stand for. */
class WinogradTransformTest {
  private static final double TOLERANCE = 1e-12;

  private final Random random = new Random(11);
  private final WinogradTransform<double[]> transform =
      new WinogradTransform<>(DoubleArrays.INSTANCE, 1);
  private final double[][] outputs = new double[16][1];

  @Test
  void aTilesOutputsAreItsCorrelationWithTheFilter() {
    double[] tile = values(36);
    double[] filter = values(9);
    double[] points = points(filter);
    set(transform.points, tile);
    transform.pixels(1);
    for (int i = 0; i < 36; i++) {
      transform.points[i][0] *= points[i];
    }
    transform.outputs(outputs, 1);
    for (int i = 0; i < 16; i++) {
      double expected = 0;
      for (int tap = 0; tap < 9; tap++) {
        expected += tile[(i / 4 + tap / 3) * 6 + i % 4 + tap % 3] * filter[tap];
      }
      assertThat(outputs[i][0]).isCloseTo(expected, within(TOLERANCE));
    }
  }

  @Test
  void theWayBackIsTheTransposeOfTheWayForward() {
    double[] x = values(36);
    double[] y = values(36);
    set(transform.points, x);
    transform.pixels(1);
    double forward = dot(transform.points, y);
    set(transform.points, y);
    transform.pixelGradients(1);
    assertThat(dot(transform.points, x)).isCloseTo(forward, within(TOLERANCE));

    double[] z = values(16);
    set(transform.points, x);
    transform.outputs(outputs, 1);
    forward = dot(outputs, z);
    set(outputs, z);
    transform.outputGradients(outputs, 1);
    assertThat(dot(transform.points, x)).isCloseTo(forward, within(TOLERANCE));

    double[] filter = values(9);
    double[] points = points(filter);
    double[] taps = new double[9];
    WinogradFilters filters = new WinogradFilters();
    set(filters.points, y);
    filters.gradients(taps, 0, 1);
    assertThat(dot(taps, filter)).isCloseTo(dot(points, y), within(TOLERANCE));
  }

  private static double[] points(double[] filter) {
    WinogradFilters filters = new WinogradFilters();
    filters.transform(filter, 0, 1);
    return Arrays.stream(filters.points).mapToDouble(line -> line[0]).toArray();
  }

  private double[] values(int length) {
    return random.doubles(length, -1, 1).toArray();
  }

  private static void set(double[][] lines, double[] values) {
    for (int i = 0; i < values.length; i++) {
      lines[i][0] = values[i];
    }
  }

  private static double dot(double[][] lines, double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += lines[i][0] * values[i];
    }
    return sum;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }
}
