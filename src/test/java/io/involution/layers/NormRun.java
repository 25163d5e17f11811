package io.involution.layers;

import io.involution.compute.NativeThreads;
import io.involution.layers.norm.ShortcutPlace;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** One BatchNorm block alone, with given parameters, run forward and back without a network. */
final class NormRun {
  private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  final BatchNormBlockLayer layer;
  final INDArray parameters;
  final INDArray gradients;
  private final DataType type;
  private final long[] shape;
  private final boolean shortcut;

  /** What the layer is to compute, as a plain formulation says it. */
  NormRun(PlainNorm plain, boolean scaled, DataType type) {
    NativeThreads.useOne();
    this.type = type;
    shortcut = !plain.shortcut.equals("none");
    shape =
        plain.plane == 1
            ? new long[] {plain.images, plain.channels}
            : new long[] {plain.images, plain.channels, 1, plain.plane};
    BatchNormBlock block =
        new BatchNormBlock.Builder()
            .nIn(plain.channels)
            .scale(scaled)
            .epsilon(plain.epsilon)
            .activation(Activation.valueOf(plain.activation))
            .build();
    NeuralNetConfiguration conf =
        new NeuralNetConfiguration.Builder().updater(new Sgd(1)).layer(block).build();
    long count = block.initializer().numParams(block);
    parameters = Nd4j.create(type, 1, count);
    gradients = Nd4j.create(type, 1, count);
    layer = (BatchNormBlockLayer) block.instantiate(conf, List.of(), 0, parameters, true, type);
    layer.setBackpropGradientsViewArray(gradients);
    if (shortcut) {
      layer.addShortcut(
          ShortcutPlace.valueOf(plain.shortcut.toUpperCase(Locale.ROOT) + "_ACTIVATION"));
    }
  }

  void set(String key, double[] values) {
    INDArray parameter = layer.getParam(key);
    parameter.assign(Nd4j.createFromArray(values).castTo(type).reshape('c', parameter.shape()));
  }

  double[] get(String key) {
    return doubles(layer.getParam(key));
  }

  double[] forward(double[] pixels, double[] second, boolean training) {
    if (shortcut) {
      layer.setShortcut(array(second));
    }
    return doubles(layer.activate(array(pixels), training, WORKSPACES));
  }

  /** Sets the parameter gradients; returns those of the input and of the shortcut. */
  double[][] backward(double[] outputGradients) {
    INDArray input = layer.backpropGradient(array(outputGradients), WORKSPACES).getSecond();
    return new double[][] {
      doubles(input), shortcut ? doubles(layer.shortcutGradient()) : new double[0]
    };
  }

  double[] gradient(String key) {
    return doubles(layer.getGradient(key));
  }

  private INDArray array(double[] values) {
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }

  static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }
}
