package io.involution.layers;

import io.involution.layers.array.Contiguous;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running layer of an {@link ImageLayer}. For one thread at a time, as all DL4J layers are. */
abstract class ImageLayerRun<C extends ImageLayer> extends BaseLayer<C> {
  private static final long serialVersionUID = 1L;

  ImageLayerRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** Checks the images and converts them to c order. */
  final INDArray images(INDArray array, LayerWorkspaceMgr workspaces) {
    if (array.rank() != 4 || array.size(1) != layerConf().getNIn()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layer %s takes [images, %d, height, width], not %s",
              layerConf().getLayerName(),
              layerConf().getNIn(),
              Arrays.toString(array.shape())));
    }
    return contiguous(array, ArrayType.INPUT, workspaces);
  }

  /** The array itself if it has the layer's type and is contiguous in c order; otherwise a copy. */
  final INDArray contiguous(INDArray array, ArrayType place, LayerWorkspaceMgr workspaces) {
    return Contiguous.of(array, dataType, place, workspaces);
  }

  /** An array for the layer's output. */
  final INDArray output(LayerWorkspaceMgr workspaces, long... shape) {
    return workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
  }

  /** An array for the gradient of the input; null when it is not needed. */
  final INDArray inputGradient(LayerWorkspaceMgr workspaces) {
    return layerConf().isInputGradient()
        ? workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c')
        : null;
  }

  /** Frees the scratch memory; the next step allocates it again. */
  abstract void release();

  @Override
  public void close() {
    release();
    super.close();
  }
}
