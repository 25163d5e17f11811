package io.involution.layers;

import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One layer outside a network with a minibatch to work on. */
final class LayerState {
  private static final int BATCH = 256;

  private final LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
  private final Layer layer;
  private final INDArray input;
  private final INDArray epsilon;

  /** Makes the layer for square images. */
  LayerState(FeedForwardLayer conf, int channels, int size) {
    NeuralNetConfiguration network = new NeuralNetConfiguration.Builder().layer(conf).build();
    long length = network.getLayer().initializer().numParams(network);
    INDArray parameters = Nd4j.create(DataType.FLOAT, 1, length);
    layer = network.getLayer().instantiate(network, List.of(), 0, parameters, true, DataType.FLOAT);
    layer.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, 1, length));
    input = random(BATCH, channels, size, size);
    INDArray output = forward();
    epsilon = random(output.shape());
    output.close();
  }

  /** Normally distributed values, the same for the same shape. */
  static INDArray random(long... shape) {
    Random random = new Random(42);
    INDArray array = Nd4j.create(DataType.FLOAT, shape);
    float[] values = new float[(int) array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    array.data().setData(values);
    return array;
  }

  /** The layer's output in training mode, to be closed. */
  INDArray forward() {
    layer.setInput(input, workspaces);
    return layer.activate(true, workspaces);
  }

  /** The gradients of what the last forward pass computed. */
  void backward() {
    INDArray inputGradient = layer.backpropGradient(epsilon, workspaces).getSecond();
    if (inputGradient != null) {
      inputGradient.close();
    }
  }
}
