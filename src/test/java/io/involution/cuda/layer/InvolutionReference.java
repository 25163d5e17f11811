package io.involution.cuda.layer;

import io.involution.layers.Involution;
import io.involution.layers.InvolutionFixture;
import io.involution.layers.involution.ParameterOffsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step of an involution in float64: what goes in, as floats, and what must come out. The order of
 * the results is output, output of inference, parameters, their gradient, the input's gradient.
 */
final class InvolutionReference {
  /**
   * A change of the input that must not change a gradient by more: no ReLU or pool is undecided.
   */
  private static final double NUDGE = 3e-6;

  private static final double STEADY = 1e-3;

  final Involution layer;
  final int images;
  final int[] sizes;
  final float[] input;
  final float[] parameters;
  final float[] outputGradient;
  private final INDArray[] results;

  private InvolutionReference(
      Involution.Builder builder, int images, int[] sizes, double[] spread, long seed) {
    this.images = images;
    this.sizes = sizes;
    Random random = new Random(seed);
    INDArray pixels =
        InvolutionFixture.random(random, DataType.FLOAT, images, sizes[0], sizes[1], sizes[2]);
    pixels.muli(spread[0]).addi(spread[1]);
    InvolutionFixture fixture =
        new InvolutionFixture(builder, sizes[0], DataType.DOUBLE, new Random(seed + 1));
    layer = builder.build();
    parameters = floats(fixture.parameters);
    input = floats(pixels);
    INDArray epsilon = null;
    INDArray[] nudged = null;
    for (double nudge : new double[] {1 - NUDGE, 1 + NUDGE, 1}) {
      fixture.parameters.assign(fixture.parameters.castTo(DataType.FLOAT));
      for (int i = 0; i < parameters.length; i++) {
        fixture.parameters.putScalar(i, (double) parameters[i]);
      }
      INDArray output = fixture.forward(pixels.castTo(DataType.DOUBLE).muli(nudge), true).dup();
      if (epsilon == null) {
        epsilon = InvolutionFixture.random(random, DataType.FLOAT, output.shape());
      }
      INDArray inputGradient = fixture.backward(epsilon);
      INDArray gradient = fixture.gradient.dup();
      INDArray moved = fixture.parameters.dup();
      INDArray inference = fixture.forward(pixels.castTo(DataType.DOUBLE), false).dup();
      INDArray[] made = {output, inference, moved, gradient, inputGradient};
      steady &= nudged == null || near(nudged, made);
      nudged = made;
    }
    results = nudged;
    outputGradient = floats(epsilon);
  }

  private boolean steady = true;

  /** A step on fresh random numbers; drawn again while some ReLU or maximum is nearly undecided. */
  static InvolutionReference steady(
      Involution.Builder builder, int images, int[] sizes, double[] spread, long seed) {
    InvolutionReference made = new InvolutionReference(builder, images, sizes, spread, seed);
    for (int i = 1; !made.steady && i < 100; i++) {
      made = new InvolutionReference(builder, images, sizes, spread, seed + i);
    }
    return made;
  }

  private static boolean near(INDArray[] left, INDArray[] right) {
    for (int i = 3; i < left.length; i++) {
      if (left[i] != null && error(left[i], floats(right[i]), 0, left[i].length()) > STEADY) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /** Largest difference of a part, relative to the largest value that is wanted in it. */
  private static double error(INDArray want, float[] got, long from, long to) {
    INDArray flat = want.dup('c').reshape(want.length());
    double difference = 0;
    double largest = 0;
    for (long i = from; i < to; i++) {
      double error = Math.abs(flat.getDouble(i) - got[(int) i]);
      difference = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(difference, error);
      largest = Math.max(largest, Math.abs(flat.getDouble(i)));
    }
    return difference == 0 ? 0 : difference / largest;
  }

  /** Errors of a run by the name of what it made. */
  Map<String, Double> errors(InvolutionRun run) {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("output", error(results[0], run.output(), 0, results[0].length()));
    errors.put("inference", error(results[1], run.inference(), 0, results[1].length()));
    ParameterOffsets offsets = layer.shape(sizes[1], sizes[2]).offsets();
    int[] bounds = {
      0,
      offsets.reduceBias,
      offsets.gamma,
      offsets.beta,
      offsets.mean,
      offsets.variance,
      offsets.spanWeights,
      offsets.spanBias,
      offsets.length
    };
    for (int i = 0; i < ParameterOffsets.KEYS.size(); i++) {
      String key = ParameterOffsets.KEYS.get(i);
      errors.put(key, error(results[2], run.parameters(), bounds[i], bounds[i + 1]));
      errors.put("gradient of " + key, error(results[3], run.gradient(), bounds[i], bounds[i + 1]));
    }
    if (results[4] != null) {
      errors.put(
          "gradient of input", error(results[4], run.inputGradient(), 0, results[4].length()));
    }
    return errors;
  }
}
