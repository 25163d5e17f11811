package io.involution.cuda.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cuda.layer.DeviceArrays;
import io.involution.layers.Dense;
import io.involution.layers.SoftmaxOutput;
import io.involution.optimizer.MatrixShape;
import io.involution.optimizer.Muon;
import io.involution.optimizer.PlainMuon;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Muon's steps against the plain formula in float64, for matrices of all shapes at once. */
class MuonOnDeviceTest {
  private static final double L2 = 0.2;
  private static final double DECAY = 0.3;
  private static final int[] BOUNDS = {0, 3, 8, 9};

  /** Inputs, and the outputs of layer after layer: tall, wide, square, and lines. */
  private static final int[] SIZES = {40, 70, 33, 33, 1, 7, 64};

  @Test
  void agreesWithFloat64() {
    ComputationGraph graph = network();
    UpdateRule rule = new UpdateRule(graph);
    List<MuonMatrix> matrices = rule.matrices();
    assertThat(matrices)
        .extracting(MuonMatrix::shape)
        .startsWith(new MatrixShape(70, 40), new MatrixShape(33, 70))
        .hasSize(SIZES.length - 1);
    try (DeviceArrays arrays = new DeviceArrays()) {
      int length = (int) graph.numParams();
      float[] start = arrays.numbers(length);
      float[] velocity = arrays.numbers(length);
      UpdateRun run = new UpdateRun(arrays, rule, start);
      arrays.device().write(run.vectors().firstMoments(), velocity);
      run.begin(rule.rates(2, 3, 3), BOUNDS);
      double[] parameters = doubles(start);
      double[] moving = doubles(velocity);
      for (int step = 0; step < 3; step++) {
        float[] gradients = arrays.numbers(length);
        run.step(gradients);
        double rate = 0.05 * Math.pow(0.9, 2 + step);
        for (int i = 0; i < matrices.size(); i++) {
          double[] mean = doubles(gradients);
          int count = BOUNDS[step + 1] - BOUNDS[step];
          step(matrices.get(i), i % 2 == 0, parameters, moving, divided(mean, count), rate);
        }
      }
      for (MuonMatrix matrix : matrices) {
        int from = matrix.parameter();
        int to = from + matrix.shape().length();
        assertNear(arrays, run.vectors().firstMoments(), moving, from, to, 1e-6);
        assertNear(arrays, run.vectors().parameters(), parameters, from, to, 2e-5);
      }
    }
  }

  private static void assertNear(
      DeviceArrays arrays, long vector, double[] expected, int from, int to, double tolerance) {
    float[] actual = arrays.device().readFloats(vector + 4L * from, to - from);
    double error = 0;
    double norm = 0;
    for (int i = from; i < to; i++) {
      error += Math.pow(actual[i - from] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(error))
        .as("%d to %d, %s", from, to, arrays.seed())
        .isLessThanOrEqualTo(tolerance * Math.sqrt(norm));
  }

  private static double[] doubles(float... values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static double[] divided(double[] values, int count) {
    return Arrays.stream(values).map(value -> value / count).toArray();
  }

  /** A step of one matrix as the documentation of {@link Muon} has it. */
  private static void step(
      MuonMatrix matrix,
      boolean decoupled,
      double[] parameters,
      double[] velocity,
      double[] gradients,
      double rate) {
    double momentum = 0.8;
    int from = matrix.parameter();
    int rows = matrix.shape().rows();
    int columns = matrix.shape().columns();
    double[] x = new double[rows * columns];
    for (int i = 0; i < rows * columns; i++) {
      double gradient = gradients[from + i] + (decoupled ? 0 : L2 * parameters[from + i]);
      velocity[from + i] = momentum * velocity[from + i] + gradient;
      x[i] = gradient + momentum * velocity[from + i];
    }
    double[][] direction = PlainMuon.orthogonal(PlainMuon.matrix(x, rows));
    double scale = Math.sqrt(Math.max(1, (double) rows / columns));
    for (int i = 0; i < rows * columns; i++) {
      double kept = decoupled ? 1 - rate * DECAY : 1;
      parameters[from + i] =
          kept * parameters[from + i] - rate * scale * direction[i / columns][i % columns];
    }
  }

  private static ComputationGraph network() {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .updater(new Adam(0.01))
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.feedForward(SIZES[0]));
    Muon muon = new Muon(0, new ExponentialSchedule(ScheduleType.ITERATION, 0.05, 0.9), 0.8);
    String above = "input";
    for (int i = 1; i < SIZES.length; i++) {
      Dense dense = new Dense(SIZES[i]);
      dense.setIUpdater(muon);
      dense.setBiasUpdater(new Adam(0.01));
      dense.setRegularization(
          List.of(i % 2 == 1 ? new WeightDecay(DECAY, true) : new L2Regularization(L2)));
      builder.addLayer("dense" + i, dense, above);
      above = "dense" + i;
    }
    return UpdaterCases.graph(
        builder.addLayer("output", new SoftmaxOutput(2), above).setOutputs("output").build());
  }
}
