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

/** The running {@link PatchProductVertex}, in ND4J's operations. */
@SuppressWarnings("overrides") // of its superclass: setInputs has lost its dots
final class PatchProduct extends BaseGraphVertex {
  private static final long serialVersionUID = 1;
  private static final int TAPS = 9;

  /** The tap of a 3x3 window that is the pixel itself. */
  private static final int CENTER = 4;

  private transient PaddedPlanes images;
  private transient PaddedPlanes sums;
  private transient PaddedPlanes kernels;
  private transient PaddedPlanes kernelGradients;
  private transient INDArray product;

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
    long[] shape = inputs[0].shape();
    if (images == null || !images.fits(shape)) {
      images = new PaddedPlanes(dataType, shape[1], shape);
      sums = new PaddedPlanes(dataType, shape[1], shape);
      kernels = new PaddedPlanes(dataType, TAPS, shape);
      kernelGradients = new PaddedPlanes(dataType, TAPS, shape);
      product = Nd4j.createUninitializedDetached(dataType, images.row(0, 0).length());
    }
    images.write(inputs[0], CENTER);
    kernels.write(inputs[1], 0);
    for (int channel = 0; channel < shape[1]; channel++) {
      INDArray sum = sums.row(channel, 0);
      images.row(channel, 0).mul(kernels.row(0, 0), sum);
      for (int tap = 1; tap < TAPS; tap++) {
        images.row(channel, tap).mul(kernels.row(tap, 0), product);
        sum.addi(product);
      }
    }
    return workspaces.dup(ArrayType.ACTIVATIONS, sums.read(0), 'c');
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    int channels = (int) inputs[0].size(1);
    // Around the images it holds zeros: there the kernels are zero.
    sums.write(epsilon, 0);
    for (int tap = 0; tap < TAPS; tap++) {
      INDArray gradient = kernelGradients.row(tap, 0);
      for (int channel = 0; channel < channels; channel++) {
        INDArray target = channel == 0 ? gradient : product;
        images.row(channel, tap).mul(sums.row(channel, 0), target);
        if (channel > 0) {
          gradient.addi(product);
        }
      }
    }
    images.clear();
    for (int tap = 0; tap < TAPS; tap++) {
      for (int channel = 0; channel < channels; channel++) {
        sums.row(channel, 0).mul(kernels.row(tap, 0), product);
        images.row(channel, tap).addi(product);
      }
    }
    INDArray imageGradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, images.read(CENTER), 'c');
    // The next forward pass counts on zeros around the images.
    images.clear();
    INDArray kernelGradient =
        workspaces.dup(ArrayType.ACTIVATION_GRAD, kernelGradients.read(0), 'c');
    return new Pair<>(null, new INDArray[] {imageGradient, kernelGradient});
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
