package io.involution.cuda.layer;

import io.involution.layers.Involution;
import io.involution.layers.InvolutionFixture;
import io.involution.layers.involution.ParameterOffsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A step of an involution in float64: what goes in, as floats, and what must come out. The order of
 * the results is output, output of inference, parameters, their gradient, the input's gradient.
 */
final class InvolutionReference {
  /**
   * Changes of the pixels that must not change a gradient: no ReLU or maximum is nearly undecided.
   */
  private static final double NUDGE = 1e-6;

  private static final int NUDGES = 6;
  private static final double STEADY = 1e-4;

  final Involution layer;
  final int images;
  final int[] sizes;
  final float[] input;
  final float[] parameters;
  private final INDArray[] results;
  private float[] outputGradient;
  private boolean steady = true;

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
    INDArray exact = pixels.castTo(DataType.DOUBLE);
    results = step(fixture, exact, random);
    for (int i = 0; i < NUDGES && steady; i++) {
      INDArray change = InvolutionFixture.random(random, DataType.DOUBLE, exact.shape());
      steady = near(results, step(fixture, exact.add(change.muli(exact).muli(NUDGE)), random));
    }
  }

  private INDArray[] step(InvolutionFixture fixture, INDArray pixels, Random random) {
    for (int i = 0; i < parameters.length; i++) {
      fixture.parameters.putScalar(i, (double) parameters[i]);
    }
    INDArray output = fixture.forward(pixels, true).dup();
    if (outputGradient == null) {
      outputGradient = floats(InvolutionFixture.random(random, DataType.FLOAT, output.shape()));
    }
    INDArray inputGradient =
        fixture.backward(Nd4j.create(outputGradient, output.shape(), DataType.FLOAT));
    INDArray moved = fixture.parameters.dup();
    INDArray inference = fixture.forward(pixels, false).dup();
    return new INDArray[] {output, inference, moved, fixture.gradient.dup(), inputGradient};
  }

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

  /** The gradient of the output that goes in. */
  float[] outputGradient() {
    return outputGradient;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /** Largest difference of a part, relative to the largest value that is wanted in it. */
  private static double error(INDArray want, float[] got, long from, long to) {
    return difference(want, got, from, to) / largest(want, from, to);
  }

  private static double difference(INDArray want, float[] got, long from, long to) {
    INDArray flat = want.dup('c').reshape(want.length());
    double difference = 0;
    for (long i = from; i < to; i++) {
      double error = Math.abs(flat.getDouble(i) - got[(int) i]);
      difference = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(difference, error);
    }
    return difference;
  }

  private static double largest(INDArray want, long from, long to) {
    INDArray flat = want.dup('c').reshape(want.length());
    double largest = Double.MIN_NORMAL;
    for (long i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(flat.getDouble(i)));
    }
    return largest;
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
      // Gamma and beta share a measure: their sums, one or a few, may happen to be next to nothing.
      boolean norm = bounds[i] >= offsets.gamma && bounds[i] < offsets.mean;
      int from = norm ? offsets.gamma : bounds[i];
      int to = norm ? offsets.mean : bounds[i + 1];
      double difference = difference(results[3], run.gradient(), bounds[i], bounds[i + 1]);
      errors.put("gradient of " + key, difference / largest(results[3], from, to));
    }
    if (results[4] != null) {
      errors.put(
          "gradient of input", error(results[4], run.inputGradient(), 0, results[4].length()));
    }
    return errors;
  }
}
