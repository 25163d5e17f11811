package io.involution.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The running layer of a {@link SoftmaxOutput}. DL4J asks for the logits twice per step, once for
 * the gradient and once for the loss; on the CPU in float32 {@link DenseProducts} computes them.
 */
final class SoftmaxOutputRun extends OutputLayer {
  private static final long serialVersionUID = 1L;

  private final transient DenseProducts products = new DenseProducts(false);

  SoftmaxOutputRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  protected Pair<INDArray, INDArray> preOutputWithPreNorm(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    return products.suits(this)
        ? new Pair<>(products.forward(this, workspaces), null)
        : super.preOutputWithPreNorm(training, forBackprop, workspaces);
  }

  /** Frees the scratch memory; the next step allocates it again. */
  @Override
  public void close() {
    products.close();
    super.close();
  }
}
