package io.involution.layers.norm;

import io.involution.layers.array.Contiguous;
import io.involution.layers.array.RealArrays;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running layer of a global pool, see {@link PoolKernel}. */
public final class PoolRun extends AbstractLayer<NoParamLayer> {
  private static final long serialVersionUID = 1L;

  private final transient PoolKernel<?> kernel;

  /** The layer that takes the maximum of each channel, or the mean. */
  public PoolRun(NeuralNetConfiguration conf, DataType type, boolean largest) {
    super(conf, type);
    kernel = new PoolKernel<>(RealArrays.of(type), largest);
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
}
