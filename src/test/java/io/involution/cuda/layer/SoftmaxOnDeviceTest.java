package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.layers.SoftmaxCrossEntropy;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The output layer's kernels against {@link SoftmaxCrossEntropy} and float64. */
class SoftmaxOnDeviceTest {
  @ParameterizedTest
  @CsvSource({
    "6, 5, 7, 3, 0, true",
    "3, 3, 64, 10, 0.2, false",
    "4, 1, 130, 40, 0.1, true",
    "66, 65, 5, 2, 0.9, false"
  })
  void agreesWithFloat64(
      int capacity, int count, int inputs, int classes, double smoothing, boolean biased) {
    try (DeviceArrays arrays = new DeviceArrays()) {
      double[] weights = count < 5 ? arrays.random().doubles(classes).toArray() : null;
      float[] x = arrays.numbers(capacity * inputs);
      float[] parameters = arrays.numbers(inputs * classes + classes);
      float[] weightsAlone = Arrays.copyOf(parameters, inputs * classes);
      int[] labels = arrays.random().ints(capacity, 0, classes).toArray();
      Activations input = new Activations(arrays.copy(x), arrays.poison(x.length), inputs, 1, 1);
      long gradients = arrays.poison(parameters.length);
      LayerPlace place =
          new LayerPlace(
              arrays.device(),
              input,
              arrays.header(count),
              arrays.copy(biased ? parameters : weightsAlone),
              gradients,
              capacity);
      SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(weights, smoothing);
      try (SoftmaxOnDevice layer =
          new SoftmaxOnDevice(place, classes, biased, arrays.copy(labels), loss)) {
        layer.forward(true);
        layer.backward();
        DenseReference reference =
            new DenseReference(
                count,
                classes,
                DenseReference.doubles(Arrays.copyOf(x, count * inputs)),
                DenseReference.doubles(
                    biased ? parameters : Arrays.copyOf(weightsAlone, parameters.length)));
        double[] logits = reference.output(false);
        arrays.assertNear("logits", layer.output().values(), logits);
        double[] gradient = expected(arrays, layer, loss, labels, logits);
        double[] own = reference.parameterGradient(gradient);
        int length = biased ? own.length : weightsAlone.length;
        arrays.assertNear("parameters' gradient", gradients, Arrays.copyOf(own, length));
        arrays.assertPoisoned("no biases'", gradients + 4L * length, own.length - length);
        arrays.assertNear("input's gradient", input.gradient(), reference.inputGradient(gradient));
      }
    }
  }

  /** Two layers at once give what they give one after the other. */
  @ParameterizedTest
  @CsvSource({"6, 5, 70, 33, 7", "3, 3, 1030, 64, 10", "3, 2, 3101, 64, 10", "65, 64, 9, 140, 3"})
  void joinsTheDenseLayerBefore(int capacity, int count, int inputs, int hidden, int classes) {
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = arrays.numbers(capacity * inputs);
      float[] first = arrays.numbers(inputs * hidden + hidden);
      float[] second = arrays.numbers(hidden * classes + classes);
      IntStream.range(0, inputs * hidden).forEach(i -> first[i] /= (float) Math.sqrt(inputs));
      int[] labels = arrays.random().ints(capacity, 0, classes).toArray();
      Activations input = new Activations(arrays.copy(x), arrays.poison(x.length), inputs, 1, 1);
      long firstGradients = arrays.poison(first.length);
      long secondGradients = arrays.poison(second.length);
      long header = arrays.header(count);
      LayerPlace place =
          new LayerPlace(
              arrays.device(), input, header, arrays.copy(first), firstGradients, capacity);
      SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
      try (DenseOnDevice dense = new DenseOnDevice(place, hidden);
          SoftmaxOnDevice layer =
              new SoftmaxOnDevice(
                      new LayerPlace(
                          arrays.device(),
                          dense.output(),
                          header,
                          arrays.copy(second),
                          secondGradients,
                          capacity),
                      classes,
                      true,
                      arrays.copy(labels),
                      loss)
                  .after(dense)) {
        dense.forward(true);
        layer.forward(true);
        layer.backward();
        dense.backward();
        DenseReference below =
            new DenseReference(
                count,
                hidden,
                DenseReference.doubles(Arrays.copyOf(x, count * inputs)),
                DenseReference.doubles(first));
        double[] y = below.output(true);
        DenseReference above =
            new DenseReference(count, classes, y, DenseReference.doubles(second));
        double[] logits = above.output(false);
        arrays.assertNear("hidden", dense.output().values(), y);
        arrays.assertNear("logits", layer.output().values(), logits);
        double[] gradient = expected(arrays, layer, loss, labels, logits);
        arrays.assertNear("output's", secondGradients, above.parameterGradient(gradient));
        double[] gated = DenseReference.gated(above.inputGradient(gradient), y);
        arrays.assertNear("dense layer's", firstGradients, below.parameterGradient(gated));
        arrays.assertNear("input's", input.gradient(), below.inputGradient(gated));
      }
    }
  }

  @Test
  void countsTiesAndNotANumberAsTheHostDoes() {
    float nan = Float.NaN;
    float[] logits = {
      1,
      1,
      0,
      1,
      1,
      0,
      0,
      2,
      2,
      nan,
      1,
      2,
      1,
      nan,
      0,
      3,
      2,
      nan,
      0,
      0,
      0,
      1000,
      -1000,
      0,
      Float.NEGATIVE_INFINITY,
      0,
      1,
      Float.POSITIVE_INFINITY,
      0,
      0,
      -90,
      0,
      -100
    };
    int[] labels = {0, 1, 1, 2, 0, 0, 0, 1, 2, 0, 0};
    try (DeviceArrays arrays = new DeviceArrays()) {
      int count = labels.length;
      // The layer as it is passes on its biases alone when its input is 0; so one example at a
      // time.
      for (int example = 0; example < count; example++) {
        float[] own = Arrays.copyOfRange(logits, 3 * example, 3 * example + 3);
        float[] parameters = {0, 0, 0, own[0], own[1], own[2]};
        LayerPlace place =
            new LayerPlace(
                arrays.device(),
                new Activations(arrays.copy(0f), 0, 1, 1, 1),
                arrays.header(1),
                arrays.copy(parameters),
                arrays.poison(6),
                1);
        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
        try (SoftmaxOnDevice layer =
            new SoftmaxOnDevice(place, 3, true, arrays.copy(labels[example]), loss)) {
          layer.forward(true);
          int[] label = {labels[example]};
          expected(arrays, layer, loss, label, DenseReference.doubles(own));
        }
      }
    }
  }

  @Test
  void makesNothingButLogitsForAnEvaluation() {
    try (DeviceArrays arrays = new DeviceArrays()) {
      LayerPlace place =
          new LayerPlace(
              arrays.device(),
              new Activations(arrays.copy(1f, 2f), 0, 2, 1, 1),
              arrays.header(1),
              arrays.copy(1f, 2f, 3f, 4f, 5f, 6f),
              arrays.poison(6),
              1);
      try (SoftmaxOnDevice layer =
          new SoftmaxOnDevice(place, 2, true, arrays.copy(0), new SoftmaxCrossEntropy())) {
        arrays.device().write(layer.output().gradient(), Float.NaN, Float.NaN);
        layer.forward(false);
        arrays.assertNear("logits", layer.output().values(), 10, 17);
        arrays.assertPoisoned("gradient", layer.output().gradient(), 2);
      }
    }
  }

  /**
   * Asserts what the host computes from the layer's own logits, and gives the gradient of the exact
   * ones.
   */
  private static double[] expected(
      DeviceArrays arrays,
      SoftmaxOnDevice layer,
      SoftmaxCrossEntropy loss,
      int[] labels,
      double... logits) {
    int classes = layer.output().channels();
    int count = logits.length / classes;
    float[] own = arrays.device().readFloats(layer.output().values(), logits.length);
    INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, count, classes);
    IntStream.range(0, count).forEach(i -> oneHot.putScalar(i, labels[i], 1));
    INDArray wide = Nd4j.createFromArray(DenseReference.doubles(own)).reshape(count, classes);
    double[] gradient = gradient(loss, oneHot, wide);
    float[] actual = arrays.device().readFloats(layer.output().gradient(), logits.length);
    for (int i = 0; i < actual.length; i++) {
      assertClose(actual[i], gradient[i], 1e-7, arrays.seed());
    }
    double[] losses =
        new SoftmaxCrossEntropy()
            .computeScoreArray(oneHot, wide, new ActivationSoftmax(), null)
            .data()
            .asDouble();
    double[] counted = arrays.device().readDoubles(layer.losses(), count);
    for (int i = 0; i < count; i++) {
      assertClose(counted[i], losses[i], 1e-13, arrays.seed());
    }
    loss.computeScore(oneHot, wide, new ActivationSoftmax(), null, false);
    assertThat(Arrays.stream(arrays.device().readInts(layer.hits(), count)).sum())
        .isEqualTo(loss.lastCorrect());
    INDArray exact = Nd4j.createFromArray(logits).reshape(count, classes);
    return gradient(loss, oneHot, exact);
  }

  private static void assertClose(double actual, double expected, double tolerance, String seed) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertThat(Double.valueOf(actual)).as(seed).isEqualTo(Double.valueOf(expected));
    } else {
      assertThat(actual).as(seed).isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
    }
  }

  private static double[] gradient(SoftmaxCrossEntropy loss, INDArray labels, INDArray logits) {
    return loss.computeGradient(labels, logits, new ActivationSoftmax(), null).data().asDouble();
  }
}
