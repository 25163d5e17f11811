package io.involution.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The running layer of a {@link Dense}: on the CPU in float32 by {@link DenseProducts}, otherwise
 * DL4J's own.
 */
final class DenseRun extends DenseLayer {
  private static final long serialVersionUID = 1L;

  private final transient DenseProducts products = new DenseProducts(true);
  private transient INDArray output;
  private transient boolean byProducts;

  DenseRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    byProducts = products.suits(this);
    output = byProducts ? products.forward(this, workspaces) : super.activate(training, workspaces);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    if (!byProducts || !DenseProducts.takes(epsilon)) {
      return super.backpropGradient(epsilon, workspaces);
    }
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    INDArray biasGradient = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    products.backward(input, weights, epsilon, weightGradient, biasGradient, inputGradient);
    Gradient gradients = new DefaultGradient();
    gradients.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
    gradients.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
    return new Pair<>(gradients, inputGradient);
  }

  /**
   * The values that the activation is applied to. The backward pass asks for them to see where they
   * are above 0, and the output is above 0 at the same places; DL4J would multiply again.
   */
  @Override
  protected Pair<INDArray, INDArray> preOutputWithPreNorm(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    return forBackprop && !hasLayerNorm()
        ? new Pair<>(output, null)
        : super.preOutputWithPreNorm(training, forBackprop, workspaces);
  }

  /** Frees the scratch memory; the next step allocates it again. */
  @Override
  public void close() {
    products.close();
    super.close();
  }
}
