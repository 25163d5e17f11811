package io.involution.layers;

import io.involution.layers.array.Contiguous;
import io.involution.layers.array.RealArrays;
import io.involution.layers.norm.PoolKernel;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running layer of a {@link GlobalPool}. */
final class GlobalPoolLayer extends AbstractLayer<GlobalPool> {
  private static final long serialVersionUID = 1L;

  private transient PoolKernel<?> kernel;

  GlobalPoolLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** There is no weight noise without weights. */
  @Override
  public void clearNoiseWeightParams() {}

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    if (input.rank() != 4) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layer %s takes [images, channels, height, width], not %s",
              layerConf().getLayerName(),
              Arrays.toString(input.shape())));
    }
    input = Contiguous.of(input, dataType, ArrayType.INPUT, workspaces);
    if (kernel == null) {
      boolean largest = layerConf().getKind() == GlobalPool.Kind.MAX;
      kernel = new PoolKernel<>(RealArrays.of(dataType), largest);
    }
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, new long[] {input.size(0), input.size(1)}, 'c');
    kernel.forward(input, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray given = Contiguous.of(epsilon, dataType, ArrayType.BP_WORKING_MEM, workspaces);
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    kernel.backward(given, inputGradient);
    return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(inputGradient));
  }

  @Override
  public void close() {
    kernel = null;
    super.close();
  }
}
