package io.involution.cuda.layer;

import io.involution.layers.Involution;
import io.involution.layers.InvolutionFixture;
import io.involution.layers.SteadyNumbers;
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
   * What nudged pixels may change a result by, in errors that are allowed: with more, rounding
   * alone may exceed one, beside a kink or where a sum cancels nearly all of its summands.
   */
  private static final double STEADY = 10;

  /**
   * What the values that a BatchNorm gets may have for a mean, in their standard deviations: with
   * more, float32 holds too few digits of their deviations.
   */
  private static final double MOST_OFFSET = 60;

  final long seed;
  final Involution layer;
  final int images;
  final int[] sizes;
  final float[] input;
  final float[] parameters;
  private final INDArray[] results;
  private float[] outputGradient;
  private final boolean steady;

  private InvolutionReference(
      Involution.Builder builder, int images, int[] sizes, Pixels drawn, long seed) {
    this.seed = seed;
    this.images = images;
    this.sizes = sizes;
    Random random = new Random(seed);
    INDArray pixels =
        InvolutionFixture.random(random, DataType.FLOAT, images, sizes[0], sizes[1], sizes[2]);
    pixels.addi(drawn.mean());
    InvolutionFixture fixture =
        new InvolutionFixture(builder, sizes[0], DataType.DOUBLE, new Random(seed + 1));
    layer = builder.build();
    parameters = floats(fixture.parameters);
    input = floats(pixels);
    INDArray exact = pixels.castTo(DataType.DOUBLE);
    results = step(fixture, exact, random);
    double most = STEADY * drawn.tolerance();
    steady =
        fixture.offset(drawn.mean(), false) <= MOST_OFFSET
            && SteadyNumbers.steady(
                exact,
                random,
                nudged ->
                    errors(run(step(fixture, nudged, random))).values().stream()
                        .allMatch(error -> error <= most));
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

  /** A step on fresh random numbers that rounding does not move far. */
  static InvolutionReference steady(
      Involution.Builder builder, int images, int[] sizes, Pixels drawn) {
    long seed =
        SteadyNumbers.seed(
            some -> new InvolutionReference(builder, images, sizes, drawn, some).steady);
    return new InvolutionReference(builder, images, sizes, drawn, seed);
  }

  private static InvolutionRun run(INDArray[] step) {
    return new InvolutionRun(
        floats(step[0]),
        floats(step[1]),
        floats(step[2]),
        floats(step[3]),
        step[4] == null ? new float[0] : floats(step[4]));
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

  /**
   * Pixels of standard deviation 1.
   *
   * @param mean their mean
   * @param tolerance the error that a result may have
   */
  record Pixels(double mean, double tolerance) {}
}
