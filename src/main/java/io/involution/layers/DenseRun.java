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
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running layer of a {@link Dense}: on the CPU in float32 by {@link DenseProducts}, otherwise
 * DL4J's own.
 */
final class DenseRun extends DenseLayer {
  private static final long serialVersionUID = 1L;

  private final transient boolean onHost = Nd4j.getEnvironment().isCPU();
  private transient DenseProducts products;
  private transient INDArray output;
  private transient boolean byProducts;

  DenseRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    byProducts = onHost && DenseProducts.suits(this, input);
    if (!byProducts) {
      output = super.activate(training, workspaces);
      return output;
    }
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    if (products == null) {
      products = new DenseProducts(weights, true);
    }
    output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, new long[] {input.size(0), weights.size(1)}, 'c');
    products.forward(input, weights, getParam(DefaultParamInitializer.BIAS_KEY), output);
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
   * What the activation is applied to. The backward pass asks for it to see where it is above 0,
   * and there the output is too; DL4J would multiply again.
   */
  @Override
  protected Pair<INDArray, INDArray> preOutputWithPreNorm(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    return forBackprop
        ? new Pair<>(output, null)
        : super.preOutputWithPreNorm(training, false, workspaces);
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
