package io.involution.layers;

import io.involution.layers.settings.LayerStart;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's dense layer with a ReLU, {@code max(0, x W + b)}, whose backward pass does not recompute
 * the forward pass.
 */
public final class Dense extends DenseLayer {
  private static final long serialVersionUID = 1L;

  /** For reading from JSON. */
  @SuppressWarnings("unused")
  private Dense() {}

  /** A layer with the given number of outputs; the network's settings for all layers apply. */
  public Dense(int outputs) {
    setNOut(ImageLayer.atLeastOne("number of outputs", outputs));
    // The network's own, unless the layer says otherwise.
    setBiasInit(Double.NaN);
    setActivationFn(new ActivationReLU());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    requireRelu();
    if (!hasLayerNorm()) {
      LayerStart.refuseGain(this);
    }
    LayerValidation.assertNInNOutSet("Dense", getLayerName(), layerIndex, getNIn(), getNOut());
    return LayerStart.of(
        new DenseRun(conf, type),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    requireRelu();
    return super.getOutputType(layerIndex, inputType);
  }

  /** Also where DL4J's own code runs, which would know a maximum, a threshold and a slope. */
  private void requireRelu() {
    if (!LayerStart.isRelu(getActivationFn())) {
      throw new DL4JInvalidConfigException(
          "layer "
              + getLayerName()
              + " takes no activation but RELU, without a maximum, a threshold or a slope");
    }
  }
}
