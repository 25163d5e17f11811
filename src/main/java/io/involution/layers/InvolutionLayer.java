package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * The layer that an {@link Involution} configures, on images [N, C, H, W]. A forward pass in
 * training mode moves the running statistics in the parameter vector once; on the CPU the passes
 * are spread over the threads of {@link ImageChunks} and give the same bits whatever their number.
 */
public final class InvolutionLayer extends BaseLayer<Involution> {
  private static final long serialVersionUID = 1L;

  private transient InvolutionPath path;
  private transient InvolutionShape shape;
  private transient PathChoice choice = PathChoice.byBackend();

  InvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /** Makes the layer compute in another way than the backend suggests, for tests. */
  public void choose(PathChoice other) {
    choice = other;
    release();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    INDArray images = images(input);
    InvolutionPath current = path(images);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            dataType,
            new long[] {images.size(0), shape.channels, shape.pooledHeight(), shape.pooledWidth()},
            'c');
    current.forward(images, paramsFlattened, training, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray images = images(input);
    INDArray inputGradient =
        layerConf().isInputGradient()
            ? workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, images.shape(), 'c')
            : null;
    path.backward(images, dense(epsilon), gradientsFlattened, inputGradient);
    Gradient result = new DefaultGradient(gradientsFlattened);
    for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
      result.setGradientFor(view.getKey(), view.getValue());
    }
    if (inputGradient != null) {
      inputGradient = backpropDropOutIfPresent(inputGradient);
    }
    return new Pair<>(result, inputGradient);
  }

  /**
   * The kernels that the layer generates for images in inference mode: what the heat maps draw.
   *
   * @param images [N, C, H, W]
   * @return kernel[N, K*K, G, H', W'], a new array outside all workspaces
   */
  public INDArray kernel(INDArray images) {
    INDArray dense = images(images);
    InvolutionShape imageShape = layerConf().shape(dense.size(2), dense.size(3));
    return choice.kernel(imageShape, dense, paramsFlattened);
  }

  private InvolutionPath path(INDArray images) {
    long height = images.size(2);
    long width = images.size(3);
    if (path == null || !shape.fits(height, width)) {
      release();
      shape = layerConf().shape(height, width);
      path = choice.path(shape, dataType);
    }
    return path;
  }

  private INDArray images(INDArray array) {
    if (array.rank() != 4 || array.size(1) != layerConf().getNIn()) {
      throw new IllegalArgumentException(
          "layer "
              + layerConf().getLayerName()
              + " takes [N, "
              + layerConf().getNIn()
              + ", H, W], not "
              + array.shapeInfoToString());
    }
    return dense(array);
  }

  /** The array itself where it is of the layer's type, in c order and without gaps; or a copy. */
  private INDArray dense(INDArray array) {
    INDArray typed = array.dataType() == dataType ? array : array.castTo(dataType);
    boolean plain = typed.ordering() == 'c' && Shape.hasDefaultStridesForShape(typed);
    return plain ? typed : typed.dup('c');
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  private void release() {
    if (path != null) {
      path.close();
      path = null;
    }
  }

  /** Frees the memory outside the heap; the next step makes it anew. */
  @Override
  public void close() {
    release();
    super.close();
  }
}
