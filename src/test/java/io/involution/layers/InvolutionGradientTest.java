package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.involution.GroupOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of the float64 layer against central finite differences. */
class InvolutionGradientTest {
  private static final int CHANNELS = 4;
  private static final double STEP = 1e-5;
  private static final int[][] SIZES = {{1, 1}, {5, 4}, {2, 3}, {6, 6}, {3, 7}, {1, 4}, {7, 5}};
  private static final int[] BATCHES = {1, 3, 2, 5, 17};

  private int compared;
  private int skipped;

  @Test
  void gradientsAgreeWithFiniteDifferencesOverTheGrid() {
    int turn = 0;
    for (int kernel : new int[] {1, 3, 5, 7}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (int groups : new int[] {1, 2, CHANNELS}) {
          for (GroupOrder order : GroupOrder.values()) {
            for (int reduction : new int[] {1, 2, 4}) {
              Involution.Builder builder =
                  new Involution.Builder()
                      .kernelSize(kernel)
                      .stride(stride)
                      .groups(groups)
                      .groupOrder(order)
                      .reductionRatio(reduction);
              check(builder, CHANNELS, turn++);
            }
          }
        }
      }
    }
    assertThat(skipped).as("left out beside kinks and ties").isLessThan(compared / 50);
  }

  @Test
  void gradientsOfWideLayersAgreeWithFiniteDifferences() {
    for (int turn = 0; turn < SIZES.length; turn++) {
      Involution.Builder builder =
          new Involution.Builder()
              .kernelSize(turn % 2 == 0 ? 7 : 5)
              .groups(turn % 2 == 0 ? 4 : 8)
              .groupOrder(turn % 3 == 0 ? GroupOrder.CONTIGUOUS : GroupOrder.INTERLEAVED)
              .reductionRatio(4);
      check(builder, 32, turn);
    }
    assertThat(skipped).as("left out beside kinks and ties").isLessThan(compared / 50);
  }

  private void check(Involution.Builder builder, int channels, int turn) {
    int[] size = SIZES[turn % SIZES.length];
    int batch = BATCHES[turn % BATCHES.length];
    boolean pool = turn % 3 == 1 && size[0] > 5 && builder.build().getStride() < 3;
    if (turn % 4 == 3) {
      builder.channel(turn % 8 == 3 ? 9 : 3);
    }
    Random random = new Random(turn);
    builder.relu(turn % 2 == 0).pool(pool);
    InvolutionFixture fixture = new InvolutionFixture(builder, channels, DataType.DOUBLE, random);
    INDArray input =
        InvolutionFixture.random(random, DataType.DOUBLE, batch, channels, size[0], size[1]);
    INDArray output = fixture.forward(input, true);
    INDArray epsilon = InvolutionFixture.random(random, DataType.DOUBLE, output.shape());
    INDArray inputGradient = fixture.backward(epsilon);
    String setting = "turn " + turn + " " + fixture.conf + " " + input.shapeInfoToString();
    for (int i : sample(fixture.offsets.length, random)) {
      if (i >= fixture.offsets.mean && i < fixture.offsets.spanWeights) {
        assertThat(fixture.gradient.getDouble(i)).as(setting).isZero();
        continue;
      }
      compare(fixture, input, epsilon, fixture.parameters, fixture.gradient, i, setting);
    }
    for (int i : sample((int) input.length(), random)) {
      compare(fixture, input, epsilon, input, inputGradient, i, setting);
    }
  }

  private static List<Integer> sample(int length, Random random) {
    List<Integer> indices = new ArrayList<>();
    int most = Math.min(length, 40);
    for (int i = 0; i < most; i++) {
      indices.add(length == most ? i : random.nextInt(length));
    }
    return indices;
  }

  private void compare(
      InvolutionFixture fixture,
      INDArray input,
      INDArray epsilon,
      INDArray variable,
      INDArray analytic,
      int index,
      String setting) {
    double wide = slope(fixture, input, epsilon, variable, index, 2 * STEP);
    double numeric = slope(fixture, input, epsilon, variable, index, STEP);
    double gradient = analytic.getDouble(index);
    double scale = Math.max(Math.abs(numeric) + Math.abs(gradient), 1e-3);
    compared++;
    // The two agree on smooth ground; they differ where a kink or tie lies within the wider step.
    if (Math.abs(wide - numeric) > 1e-6 * scale) {
      skipped++;
      return;
    }
    double error = Math.abs(numeric - gradient) / scale;
    assertThat(error)
        .as("%s index %d numeric %s analytic %s", setting, index, numeric, gradient)
        .isLessThanOrEqualTo(1e-5);
  }

  private static double slope(
      InvolutionFixture fixture,
      INDArray input,
      INDArray epsilon,
      INDArray variable,
      int index,
      double step) {
    double value = variable.getDouble(index);
    variable.putScalar(index, value + step);
    double above = loss(fixture, input, epsilon);
    variable.putScalar(index, value - step);
    double below = loss(fixture, input, epsilon);
    variable.putScalar(index, value);
    return (above - below) / (2 * step);
  }

  private static double loss(InvolutionFixture fixture, INDArray input, INDArray epsilon) {
    double[] output = fixture.forward(input, true).ravel().toDoubleVector();
    double[] weights = epsilon.ravel().toDoubleVector();
    double loss = 0;
    for (int i = 0; i < output.length; i++) {
      loss += output[i] * weights[i];
    }
    return loss;
  }
}
