package io.involution.cuda.layer;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dense layer's kernels against float64. */
class DenseOnDeviceTest {
  @ParameterizedTest
  @CsvSource({
    "5, 4, 7, 3",
    "1, 1, 1, 1",
    "70, 66, 130, 65",
    "8, 7, 1100, 64",
    "3, 3, 3101, 64",
    "9, 8, 33, 200",
    "130, 129, 64, 10"
  })
  void agreesWithFloat64(int capacity, int count, int inputs, int outputs) {
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = arrays.numbers(capacity * inputs);
      // What is behind the minibatch must not be read.
      Arrays.fill(x, count * inputs, x.length, Float.NaN);
      float[] parameters = arrays.numbers(inputs * outputs + outputs);
      Activations input = new Activations(arrays.copy(x), arrays.poison(x.length), inputs, 1, 1);
      long gradients = arrays.poison(parameters.length);
      LayerPlace place =
          new LayerPlace(
              arrays.device(),
              input,
              arrays.header(count),
              arrays.copy(parameters),
              gradients,
              capacity);
      try (DenseOnDevice layer = new DenseOnDevice(place, outputs)) {
        DenseReference reference =
            new DenseReference(
                count,
                outputs,
                DenseReference.doubles(Arrays.copyOf(x, count * inputs)),
                DenseReference.doubles(parameters));
        layer.forward(true);
        double[] y = reference.output(true);
        arrays.assertNear("output", layer.output().values(), y);
        float[] dy = arrays.numbers(y.length);
        arrays.device().write(layer.output().gradient(), dy);
        layer.backward();
        double[] gated = DenseReference.gated(DenseReference.doubles(dy), y);
        arrays.assertNear("parameters' gradient", gradients, reference.parameterGradient(gated));
        arrays.assertNear("input's gradient", input.gradient(), reference.inputGradient(gated));
        arrays.assertPoisoned(
            "gradient behind the minibatch",
            input.gradient() + 4L * count * inputs,
            (capacity - count) * inputs);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 5, 20, 9", "4, 4, 3100, 64"})
  void writesNoInputGradientThatNobodyWants(int capacity, int count, int inputs, int outputs) {
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = arrays.numbers(capacity * inputs);
      float[] parameters = arrays.numbers(inputs * outputs + outputs);
      long gradients = arrays.poison(parameters.length);
      LayerPlace place =
          new LayerPlace(
              arrays.device(),
              new Activations(arrays.copy(x), 0, inputs, 1, 1),
              arrays.header(count),
              arrays.copy(parameters),
              gradients,
              capacity);
      try (DenseOnDevice layer = new DenseOnDevice(place, outputs)) {
        layer.forward(true);
        float[] dy = arrays.numbers(count * outputs);
        arrays.device().write(layer.output().gradient(), dy);
        layer.backward();
        DenseReference reference =
            new DenseReference(
                count,
                outputs,
                DenseReference.doubles(Arrays.copyOf(x, count * inputs)),
                DenseReference.doubles(parameters));
        double[] gated = DenseReference.gated(DenseReference.doubles(dy), reference.output(true));
        arrays.assertNear("parameters' gradient", gradients, reference.parameterGradient(gated));
      }
    }
  }
}
