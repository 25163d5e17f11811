package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The layer that an {@link Involution} configures, on images [N, C, H, W]. A forward pass in
 * training mode updates the running statistics in the parameter vector once; on the CPU the passes
 * are distributed over the threads of {@link ImageChunks} and give the same bits with any number of
 * threads.
 */
public final class InvolutionLayer extends ImageLayerRun<Involution> {
  private static final long serialVersionUID = 1L;

  private transient InvolutionPath path;
  private transient InvolutionShape shape;
  private transient PathChoice choice = PathChoice.byBackend();

  InvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /** Replaces the path that the backend suggests, for tests. */
  public void choose(PathChoice other) {
    choice = other;
    release();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    input = images(input, workspaces);
    InvolutionPath current = path();
    INDArray output =
        output(
            workspaces, input.size(0), shape.channels, shape.pooledHeight(), shape.pooledWidth());
    current.forward(input, paramsFlattened, training, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray inputGradient = inputGradient(workspaces);
    INDArray dense = contiguous(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
    path.backward(input, dense, gradientsFlattened, inputGradient);
    Gradient result = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(result::setGradientFor);
    return new Pair<>(
        result, inputGradient == null ? null : backpropDropOutIfPresent(inputGradient));
  }

  /**
   * The kernels that the layer generates for images in inference mode, for heat maps.
   *
   * @param images [N, C, H, W]
   * @return kernel[N, K*K, G, H', W'], a new array in c order outside all workspaces
   */
  public INDArray kernel(INDArray images) {
    INDArray dense = images(images, LayerWorkspaceMgr.noWorkspaces());
    InvolutionShape imageShape = layerConf().shape(dense.size(2), dense.size(3));
    return choice.kernel(imageShape, dense, paramsFlattened);
  }

  private InvolutionPath path() {
    long height = input.size(2);
    long width = input.size(3);
    if (path == null || !shape.fits(height, width)) {
      release();
      shape = layerConf().shape(height, width);
      path = choice.path(shape, dataType);
    }
    return path;
  }

  @Override
  void release() {
    if (path != null) {
      path.close();
      path = null;
    }
  }
}
