package io.involution.cuda.layer.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceArrays;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.norm.Nonlinearity;
import io.involution.layers.norm.ShortcutPlace;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;

/** BatchNorms, activations and global pools on a device against float64, by their definitions. */
class NormLayersOnDeviceTest {
  private static double[] doubles(float... values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** A place for a layer whose minibatch is not full; what is behind it must not be read. */
  private static LayerPlace place(
      DeviceArrays arrays, int[] sizes, float[] x, float[] parameters, int count) {
    float[] all = Arrays.copyOf(x, x.length / count * sizes[0]);
    Arrays.fill(all, x.length, all.length, Float.NaN);
    return new LayerPlace(
        arrays.device(),
        new Activations(arrays.copy(all), arrays.poison(all.length), sizes[1], sizes[2], sizes[3]),
        arrays.header(count),
        arrays.copy(parameters),
        arrays.poison(parameters.length),
        sizes[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 11, 5, 7, true, GELU, NONE",
    "3, 3, 8, 3, 3, false, GELU, AFTER_ACTIVATION",
    "70, 67, 5, 1, 1, true, RELU, BEFORE_ACTIVATION",
    "2, 2, 1, 9, 4, false, IDENTITY, BEFORE_ACTIVATION",
    "5, 4, 17, 2, 2, true, GELU, BEFORE_ACTIVATION",
    "1, 1, 9, 1, 1, true, RELU, NONE",
    "300, 299, 20, 1, 2, true, RELU, AFTER_ACTIVATION",
    "2, 1, 3, 31, 31, false, GELU, NONE"
  })
  void batchNormsAgree(
      int capacity,
      int count,
      int channels,
      int height,
      int width,
      boolean scaled,
      Nonlinearity function,
      ShortcutPlace shortcut) {
    int[] sizes = {capacity, channels, height, width};
    try (DeviceArrays arrays = new DeviceArrays()) {
      int length = count * channels * height * width;
      float[] x = arrays.numbers(length);
      IntStream.range(0, length).forEach(i -> x[i] = 30 + 2 * x[i]);
      float[] more = arrays.numbers(length);
      float[] parameters = arrays.numbers((scaled ? 4 : 3) * channels);
      IntStream.range(parameters.length - channels, parameters.length)
          .forEach(i -> parameters[i] = 1 + Math.abs(parameters[i]));
      BatchNormReference reference =
          new BatchNormReference(
              new int[] {channels, height * width},
              scaled,
              function,
              shortcut,
              doubles(x),
              doubles(more),
              doubles(parameters));
      BatchNormBlock block =
          new BatchNormBlock.Builder()
              .nIn(channels)
              .scale(scaled)
              .decay(BatchNormReference.DECAY)
              .epsilon(BatchNormReference.EPSILON)
              .activation(Activation.valueOf(function.name()))
              .build();
      LayerPlace place = place(arrays, sizes, x, parameters, count);
      LayerPlace aside = place(arrays, sizes, more, parameters, count);
      try (DeviceLayer layer = layer(place, block, shortcut, aside.input())) {
        layer.forward(true);
        reference.forward(true);
        arrays.assertNear("output", layer.output().values(), reference.output);
        arrays.assertNear("parameters", place.parameters(), reference.parameters);
        float[] gradient = arrays.numbers(length);
        arrays.device().write(layer.output().gradient(), gradient);
        layer.backward();
        reference.backward(doubles(gradient));
        arrays.assertNear("gradients", place.gradients(), reference.gradients);
        arrays.assertNear("input's", place.input().gradient(), reference.inputGradient);
        if (shortcut == ShortcutPlace.NONE) {
          arrays.assertPoisoned("shortcut's", aside.input().gradient(), length);
        } else {
          arrays.assertNear("shortcut's", aside.input().gradient(), reference.moreGradient);
        }
        layer.forward(false);
        reference.forward(false);
        arrays.assertNear("evaluated", layer.output().values(), reference.output);
        arrays.assertNear("parameters then", place.parameters(), reference.parameters);
      }
    }
  }

  private static DeviceLayer layer(
      LayerPlace place, BatchNormBlock block, ShortcutPlace shortcut, Activations more) {
    if (shortcut == ShortcutPlace.NONE) {
      return new BatchNormOnDevice(place, block);
    }
    GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("a", "b");
    ShortcutVertex.add(graph, "norm", shortcut, block, "a", "b");
    return new BatchNormOnDevice(place, (ShortcutVertex) graph.getVertices().get("norm"), more);
  }

  @Test
  void aShortcutHasTheInputsShape() {
    try (DeviceArrays arrays = new DeviceArrays()) {
      LayerPlace place = place(arrays, new int[] {1, 2, 3, 3}, new float[18], new float[8], 1);
      BatchNormBlock block = new BatchNormBlock.Builder().nIn(2).build();
      Activations other = new Activations(8, 8, 2, 3, 4);
      assertThatThrownBy(() -> layer(place, block, ShortcutPlace.AFTER_ACTIVATION, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("height=3, width=4");
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 5, 7, 9", "1, 1, 1, 1, 1", "9, 8, 24, 6, 6"})
  void gelusAndFactorsAgree(int capacity, int count, int channels, int height, int width) {
    int[] sizes = {capacity, channels, height, width};
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = arrays.numbers(count * channels * height * width);
      IntStream.range(0, x.length).forEach(i -> x[i] *= 3);
      float[] gradient = arrays.numbers(x.length);
      LayerPlace place = place(arrays, sizes, x, new float[1], count);
      try (GeluOnDevice gelu = new GeluOnDevice(place)) {
        gelu.forward(true);
        double[] wanted =
            Arrays.stream(doubles(x)).map(z -> z * BatchNormReference.below(z)).toArray();
        arrays.assertNear("GELU", gelu.output().values(), wanted);
        arrays.device().write(gelu.output().gradient(), gradient);
        gelu.backward();
        for (int i = 0; i < x.length; i++) {
          double density = Math.exp(-(double) x[i] * x[i] / 2) / Math.sqrt(2 * Math.PI);
          wanted[i] = gradient[i] * (BatchNormReference.below(x[i]) + x[i] * density);
        }
        arrays.assertNear("GELU's gradient", place.input().gradient(), wanted);
        arrays.assertPoisoned(
            "behind",
            place.input().gradient() + 4L * x.length,
            (capacity - count) * x.length / count);
      }
      try (ScaleOnDevice scale = new ScaleOnDevice(place, 0.3f)) {
        scale.forward(true);
        arrays.assertNear(
            "scaled",
            scale.output().values(),
            Arrays.stream(doubles(x)).map(z -> z * 0.3f).toArray());
        arrays.device().write(scale.output().gradient(), gradient);
        scale.backward();
        arrays.assertNear(
            "its gradient",
            place.input().gradient(),
            Arrays.stream(doubles(gradient)).map(z -> z * 0.3f).toArray());
      }
    }
  }

  @Test
  void branchesAddTheirGradients() {
    try (DeviceArrays arrays = new DeviceArrays()) {
      LayerPlace place =
          place(arrays, new int[] {3, 7, 3, 5}, arrays.numbers(210), new float[1], 2);
      try (BranchesOnDevice branches = new BranchesOnDevice(place, 3)) {
        double[] sum = new double[210];
        for (Activations branch : branches.all()) {
          assertThat(branch.values()).isEqualTo(place.input().values());
          float[] gradient = arrays.numbers(210);
          arrays.device().write(branch.gradient(), gradient);
          IntStream.range(0, 210).forEach(i -> sum[i] += gradient[i]);
        }
        branches.backward();
        arrays.assertNear("sum", branches.output().gradient(), sum);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2, 5, 3, 3, MAX",
    "3, 2, 5, 3, 3, AVERAGE",
    "2, 2, 9, 7, 11, MAX",
    "2, 1, 9, 7, 11, AVERAGE",
    "1, 1, 1, 1, 1, MAX"
  })
  void globalPoolsAgree(
      int capacity, int count, int channels, int height, int width, GlobalPool.Kind kind) {
    int plane = height * width;
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = new float[count * channels * plane];
      // Few values, so that many are equal: the first one counts.
      IntStream.range(0, x.length).forEach(i -> x[i] = arrays.random().nextInt(6));
      float[] gradient = arrays.numbers(count * channels);
      double[] output = new double[gradient.length];
      double[] wanted = new double[x.length];
      for (int i = 0; i < output.length; i++) {
        double[] own = doubles(Arrays.copyOfRange(x, i * plane, (i + 1) * plane));
        double largest = Arrays.stream(own).max().orElseThrow();
        boolean mean = kind == GlobalPool.Kind.AVERAGE;
        output[i] = mean ? Arrays.stream(own).sum() / plane : largest;
        Arrays.fill(wanted, i * plane, (i + 1) * plane, mean ? gradient[i] / plane : 0);
        for (int j = plane - 1; j >= 0 && !mean; j--) {
          if (own[j] == largest) {
            Arrays.fill(wanted, i * plane, (i + 1) * plane, 0);
            wanted[i * plane + j] = gradient[i];
          }
        }
      }
      int[] sizes = {capacity, channels, height, width};
      LayerPlace place = place(arrays, sizes, x, new float[1], count);
      try (GlobalPoolOnDevice pool = new GlobalPoolOnDevice(place, kind)) {
        pool.forward(true);
        arrays.assertNear("pool", pool.output().values(), output);
        arrays.device().write(pool.output().gradient(), gradient);
        pool.backward();
        arrays.assertNear("its gradient", place.input().gradient(), wanted);
      }
    }
  }

  @Test
  void notANumberStaysAndIsTheLargest() {
    try (DeviceArrays arrays = new DeviceArrays()) {
      float[] x = {1, Float.NaN, 3, Float.NaN, Float.POSITIVE_INFINITY, 0};
      LayerPlace place = place(arrays, new int[] {1, 1, 2, 3}, x, new float[4], 1);
      try (GlobalPoolOnDevice pool = new GlobalPoolOnDevice(place, GlobalPool.Kind.MAX);
          GeluOnDevice gelu = new GeluOnDevice(place)) {
        pool.forward(true);
        arrays.device().write(pool.output().gradient(), 2f);
        pool.backward();
        assertThat(arrays.device().readFloats(pool.output().values(), 1))
            .containsExactly(Float.NaN);
        arrays.assertNear("place of the first", place.input().gradient(), 0, 2, 0, 0, 0, 0);
        gelu.forward(true);
        float[] made = arrays.device().readFloats(gelu.output().values(), x.length);
        assertThat(made[1]).isNaN();
        assertThat(made[4]).isEqualTo(Float.POSITIVE_INFINITY);
      }
    }
  }
}
