package io.involution.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running layer of a {@link SoftmaxOutput}. DL4J asks for the logits twice a step, once for the
 * gradient and once for the loss; on the CPU in float32 {@link DenseProducts} makes them.
 */
final class SoftmaxOutputRun extends OutputLayer {
  private static final long serialVersionUID = 1L;

  private final transient boolean onHost = Nd4j.getEnvironment().isCPU();
  private transient DenseProducts products;

  SoftmaxOutputRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  protected Pair<INDArray, INDArray> preOutputWithPreNorm(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    if (!onHost || !DenseProducts.suits(this, input)) {
      return super.preOutputWithPreNorm(training, forBackprop, workspaces);
    }
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    if (products == null) {
      products = new DenseProducts(weights, false);
    }
    INDArray logits =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, new long[] {input.size(0), weights.size(1)}, 'c');
    products.forward(input, weights, getParam(DefaultParamInitializer.BIAS_KEY), logits);
    return new Pair<>(logits, null);
  }

  /** Frees the scratch memory; the next step makes it anew. */
  @Override
  public void close() {
    if (products != null) {
      products.close();
    }
    super.close();
  }
}
