package io.involution.layers;

import io.involution.layers.array.Contiguous;
import io.involution.layers.norm.BatchNormKernel;
import io.involution.layers.norm.ShortcutPlace;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The running layer of a {@link BatchNormBlock}; for one thread at a time, as all DL4J layers are.
 * A forward pass in training mode updates the running statistics in the parameter vector once.
 */
final class BatchNormBlockLayer extends BaseLayer<BatchNormBlock> {
  private static final long serialVersionUID = 1L;

  private transient BatchNormKernel<?> kernel;
  private transient ShortcutPlace place = ShortcutPlace.NONE;
  private transient INDArray shortcut;
  private transient INDArray shortcutGradient;

  BatchNormBlockLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** Makes room for a second input. */
  void addShortcut(ShortcutPlace where) {
    place = where;
    kernel = null;
  }

  /** Sets the second input of the next pass. */
  void setShortcut(INDArray array) {
    shortcut = array;
  }

  /** The gradient of the second input, from the last backward pass. */
  INDArray shortcutGradient() {
    return shortcutGradient;
  }

  /** The array of a parameter's gradient. */
  INDArray getGradient(String parameter) {
    return gradientViews.get(parameter);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    long channels = layerConf().getNIn();
    if ((input.rank() != 4 && input.rank() != 2) || input.size(1) != channels) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layer %s takes [images, %d, height, width] or [examples, %d], not %s",
              layerConf().getLayerName(),
              channels,
              channels,
              Arrays.toString(input.shape())));
    }
    input = Contiguous.of(input, dataType, ArrayType.INPUT, workspaces);
    if (kernel == null) {
      kernel = BatchNormKernel.of(dataType, layerConf().settings(place));
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
    kernel.forward(inputs(ArrayType.INPUT, workspaces), paramsFlattened, training, output);
    return output;
  }

  private BatchNormKernel.Inputs inputs(ArrayType type, LayerWorkspaceMgr workspaces) {
    if (place == ShortcutPlace.NONE) {
      return new BatchNormKernel.Inputs(input, null);
    }
    if (!Arrays.equals(input.shape(), shortcut.shape())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layer %s adds %s to %s: a shortcut must have the shape of the other input",
              layerConf().getLayerName(),
              Arrays.toString(shortcut.shape()),
              Arrays.toString(input.shape())));
    }
    return new BatchNormKernel.Inputs(input, Contiguous.of(shortcut, dataType, type, workspaces));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray given = Contiguous.of(epsilon, dataType, ArrayType.BP_WORKING_MEM, workspaces);
    INDArray inputGradient = gradientOfInput(workspaces);
    shortcutGradient = place == ShortcutPlace.NONE ? null : gradientOfInput(workspaces);
    kernel.backward(
        inputs(ArrayType.BP_WORKING_MEM, workspaces),
        new BatchNormKernel.Gradients(given, inputGradient, shortcutGradient),
        gradientsFlattened);
    Gradient result = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(result::setGradientFor);
    return new Pair<>(result, backpropDropOutIfPresent(inputGradient));
  }

  private INDArray gradientOfInput(LayerWorkspaceMgr workspaces) {
    return workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
  }

  @Override
  public void clear() {
    super.clear();
    shortcut = null;
    shortcutGradient = null;
  }

  /** Frees the scratch memory; the next step allocates it again. */
  @Override
  public void close() {
    kernel = null;
    super.close();
  }
}
