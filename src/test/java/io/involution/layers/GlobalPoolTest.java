package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.special.Erf;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers without parameters: global pools, and GELU alone. */
class GlobalPoolTest {
  private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private static Layer layer(NoParamLayer conf, DataType type) {
    NativeThreads.useOne();
    NeuralNetConfiguration network = new NeuralNetConfiguration.Builder().layer(conf).build();
    return network.getLayer().instantiate(network, List.of(), 0, null, true, type);
  }

  @ParameterizedTest
  @EnumSource(GlobalPool.Kind.class)
  void poolsEachChannel(GlobalPool.Kind kind) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[][] shapes = {{1, 3, 2, 2}, {19, 5, 4, 3}, {33, 2, 1, 1}, {3, 70, 6, 5}};
    try {
      for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
        for (int[] shape : shapes) {
          ImageChunks.useThreads(1 + random.nextInt(4));
          int plane = shape[2] * shape[3];
          double[] pixels = BlockCases.values(random, shape[0] * shape[1] * plane);
          double[] slopes = BlockCases.values(random, shape[0] * shape[1]);
          Layer layer = layer(new GlobalPool(kind), type);
          INDArray images = Nd4j.createFromArray(pixels).castTo(type).reshape('c', shape);
          double[] output = NormRun.doubles(layer.activate(images, true, WORKSPACES));
          INDArray epsilon =
              Nd4j.createFromArray(slopes).castTo(type).reshape('c', shape[0], shape[1]);
          double[] gradient =
              NormRun.doubles(layer.backpropGradient(epsilon, WORKSPACES).getSecond());
          for (int channel = 0; channel < output.length; channel++) {
            check(kind, seed, plane, channel, output[channel], pixels, slopes[channel], gradient);
          }
        }
      }
    } finally {
      ImageChunks.useThreads(1);
    }
  }

  private static void check(
      GlobalPool.Kind kind,
      long seed,
      int plane,
      int channel,
      double output,
      double[] pixels,
      double slope,
      double[] gradient) {
    double sum = 0;
    int best = channel * plane;
    for (int i = channel * plane; i < (channel + 1) * plane; i++) {
      sum += pixels[i];
      best = pixels[i] > pixels[best] ? i : best;
    }
    boolean largest = kind == GlobalPool.Kind.MAX;
    assertThat(output)
        .as("seed %d", seed)
        .isCloseTo(largest ? pixels[best] : sum / plane, within(1e-6));
    for (int i = channel * plane; i < (channel + 1) * plane; i++) {
      double expected = largest ? (i == best ? slope : 0) : slope / plane;
      assertThat(gradient[i]).as("seed %d", seed).isCloseTo(expected, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void geluIsTheExactOne(String name) {
    DataType type = DataType.valueOf(name);
    double[] values = new double[2 * 3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (-8 + 16.0 * i / values.length);
    }
    values[0] = -1e9;
    values[1] = 1e9;
    values[2] = 0;
    Layer layer = layer(new Gelu(), type);
    INDArray images = Nd4j.createFromArray(values).castTo(type).reshape('c', 2, 3000);
    double[] output = NormRun.doubles(layer.activate(images, true, WORKSPACES));
    INDArray ones = Nd4j.ones(type, 2, 3000);
    double[] slopes = NormRun.doubles(layer.backpropGradient(ones, WORKSPACES).getSecond());
    double tolerance = type == DataType.FLOAT ? 7e-7 : 1e-14;
    for (int i = 0; i < values.length; i++) {
      double z = values[i];
      double below = (1 + Erf.erf(z / Math.sqrt(2))) / 2;
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      assertThat(output[i]).as("gelu of %s", z).isCloseTo(z * below, within(tolerance));
      assertThat(slopes[i]).as("slope at %s", z).isCloseTo(below + z * density, within(tolerance));
    }
  }
}
