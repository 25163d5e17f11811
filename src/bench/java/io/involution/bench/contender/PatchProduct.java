package io.involution.bench.contender;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running {@link PatchProductVertex}, in ND4J's operations. */
@SuppressWarnings("overrides") // of its superclass: setInputs has lost its dots
final class PatchProduct extends BaseGraphVertex {
  private static final long serialVersionUID = 1;
  private static final int TAPS = 9;

  private transient INDArray padded;

  PatchProduct(ComputationGraph graph, String name, int index, DataType type) {
    super(graph, name, index, null, null, type);
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray images = inputs[0];
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, images.shape(), 'c');
    long height = images.size(2);
    long width = images.size(3);
    if (padded == null || padded.size(0) != images.size(0)) {
      padded =
          Nd4j.createUninitializedDetached(
              dataType, images.size(0), images.size(1), height + 2, width + 2);
      padded.assign(0);
    }
    interior(padded, height, width).assign(images);
    INDArray product = Nd4j.createUninitialized(dataType, images.shape());
    for (int tap = 0; tap < TAPS; tap++) {
      INDArray target = tap == 0 ? output : product;
      patch(padded, tap, height, width).mul(kernel(inputs[1], tap), target);
      if (tap > 0) {
        output.addi(product);
      }
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    INDArray images = inputs[0];
    INDArray kernels = inputs[1];
    long height = images.size(2);
    long width = images.size(3);
    INDArray kernelGradients =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, kernels.shape(), 'c');
    INDArray paddedGradients = Nd4j.create(dataType, padded.shape());
    INDArray product = Nd4j.createUninitialized(dataType, images.shape());
    for (int tap = 0; tap < TAPS; tap++) {
      patch(padded, tap, height, width).mul(epsilon, product);
      kernel(kernelGradients, tap).assign(product.sum(true, 1));
      epsilon.mul(kernel(kernels, tap), product);
      patch(paddedGradients, tap, height, width).addi(product);
    }
    INDArray imageGradients =
        workspaces.dup(ArrayType.ACTIVATION_GRAD, interior(paddedGradients, height, width), 'c');
    return new Pair<>(null, new INDArray[] {imageGradients, kernelGradients});
  }

  private static INDArray interior(INDArray array, long height, long width) {
    return patch(array, TAPS / 2, height, width);
  }

  private static INDArray patch(INDArray array, int tap, long height, long width) {
    int row = tap / 3;
    int column = tap % 3;
    return array.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(row, row + height),
        NDArrayIndex.interval(column, column + width));
  }

  private static INDArray kernel(INDArray kernels, int tap) {
    return kernels.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(tap, tap + 1),
        NDArrayIndex.all(),
        NDArrayIndex.all());
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    throw new UnsupportedOperationException("no parameters");
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int minibatchSize) {
    return null;
  }

  @Override
  public String toString() {
    return "PatchProduct";
  }
}
