package io.involution.layers;

import io.involution.compute.NativeThreads;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** One convolution block alone, with given parameters, run forward and back without a network. */
final class BlockRun {
  private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  final ConvolutionBlockLayer layer;
  final INDArray parameters;
  final INDArray gradients;
  private final DataType type;

  BlockRun(ConvolutionBlock block, DataType type) {
    NativeThreads.useOne();
    this.type = type;
    NeuralNetConfiguration conf =
        new NeuralNetConfiguration.Builder().updater(new Sgd(1)).layer(block).build();
    long count = block.initializer().numParams(block);
    parameters = Nd4j.create(type, 1, count);
    gradients = Nd4j.create(type, 1, count);
    layer = (ConvolutionBlockLayer) block.instantiate(conf, List.of(), 0, parameters, false, type);
    layer.setBackpropGradientsViewArray(gradients);
  }

  /**
   * Sets {@code W [filters, channels, kernel, kernel]} and the biases, if there are, in c order.
   */
  void set(double[] weights, double[] biases) {
    assign(layer.getParam("W"), weights);
    if (layer.layerConf().hasBias()) {
      assign(layer.getParam("b"), biases);
    }
  }

  private void assign(INDArray parameter, double[] values) {
    parameter.assign(Nd4j.createFromArray(values).castTo(type).reshape('c', parameter.shape()));
  }

  double[] forward(double[] pixels, long[] shape, boolean training) {
    return doubles(layer.activate(array(pixels, shape), training, WORKSPACES));
  }

  /** Sets the parameter gradients; returns those of the input, null if it is not computed. */
  double[] backward(double[] outputGradients, long[] shape) {
    Pair<Gradient, INDArray> result =
        layer.backpropGradient(array(outputGradients, shape), WORKSPACES);
    return result.getSecond() == null ? null : doubles(result.getSecond());
  }

  double[] weightGradients() {
    return doubles(layer.gradientView("W"));
  }

  double[] biasGradients() {
    INDArray biases = layer.gradientView("b");
    return biases == null ? new double[0] : doubles(biases);
  }

  private INDArray array(double[] values, long[] shape) {
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }

  static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }
}
