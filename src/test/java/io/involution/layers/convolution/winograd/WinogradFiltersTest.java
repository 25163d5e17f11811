package io.involution.layers.convolution.winograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A block of filters gives the bits of one filter after the other. */
class WinogradFiltersTest {
  private static final double P = 0.75;
  private static final double Q = 1.5;
  private static final double[][] G = {
    {1 / (P * P * (Q * Q)), 0, 0}, row(P, Q), row(-P, Q), row(Q, P), row(-Q, P), {0, 0, 1}
  };

  private static double[] row(double point, double other) {
    double scale = 1 / (2 * point * point * (point * point - other * other));
    return new double[] {scale, scale * point, scale * point * point};
  }

  private final Random random = new Random(5);
  private final WinogradFilters filters = new WinogradFilters();

  @Test
  void blocksOfAnySizeAreTransformedAsDefined() {
    double[] given = random.doubles(9 * 100, -1, 1).toArray();
    Arrays.fill(given, 9 * 40, 9 * 41, -0.0);
    for (int count : new int[] {WinogradFilters.BLOCK, 1, 7}) {
      int first = 100 - count;
      filters.transform(given, first, count);
      for (int pair = 0; pair < count; pair++) {
        double[] expected = plain(Arrays.copyOfRange(given, (first + pair) * 9, 9 * 100));
        for (int point = 0; point < 36; point++) {
          assertThat(Double.valueOf(filters.points[point][pair])).isEqualTo(expected[point]);
        }
      }
    }
  }

  @Test
  void gradientsOfBlocksAreAsDefined() {
    for (int count : new int[] {WinogradFilters.BLOCK, 1, 7}) {
      for (double[] line : filters.points) {
        Arrays.setAll(line, i -> i == 0 ? -0.0 : random.nextGaussian());
      }
      double[] gradients = new double[9 * 100];
      filters.gradients(gradients, 3, count);
      for (int pair = 0; pair < count; pair++) {
        int at = pair;
        double[] points = Arrays.stream(filters.points).mapToDouble(line -> line[at]).toArray();
        assertThat(Arrays.copyOfRange(gradients, (3 + pair) * 9, (4 + pair) * 9))
            .containsExactly(plainGradient(points));
      }
      assertThat(gradients[9 * 3 - 1]).isZero();
      assertThat(gradients[9 * (3 + count)]).isZero();
    }
  }

  private static double[] plain(double[] taps) {
    double[] points = new double[36];
    for (int i = 0; i < 6; i++) {
      double[] three = new double[3];
      for (int column = 0; column < 3; column++) {
        three[column] =
            G[i][0] * taps[column] + G[i][1] * taps[3 + column] + G[i][2] * taps[6 + column];
      }
      for (int j = 0; j < 6; j++) {
        points[6 * i + j] = three[0] * G[j][0] + three[1] * G[j][1] + three[2] * G[j][2];
      }
    }
    return points;
  }

  private static double[] plainGradient(double[] points) {
    double[] taps = new double[9];
    for (int i = 0; i < 6; i++) {
      double[] three = new double[3];
      for (int j = 0; j < 6; j++) {
        for (int column = 0; column < 3; column++) {
          three[column] += points[6 * i + j] * G[j][column];
        }
      }
      for (int tap = 0; tap < 9; tap++) {
        taps[tap] += G[i][tap / 3] * three[tap % 3];
      }
    }
    return taps;
  }
}
