package io.involution.layers;

import io.involution.layers.settings.LayerStart;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's output layer with a softmax and {@link SoftmaxCrossEntropy}, faster on the CPU. */
public final class SoftmaxOutput extends OutputLayer {
  private static final long serialVersionUID = 1L;

  /** For reading from JSON. */
  @SuppressWarnings("unused")
  private SoftmaxOutput() {}

  /** A layer for the given number of classes; the network's settings for all layers apply. */
  public SoftmaxOutput(int classes) {
    setNOut(ImageLayer.atLeastOne("number of classes", classes));
    // The network's own, unless the layer says otherwise.
    setBiasInit(Double.NaN);
    setActivationFn(new ActivationSoftmax());
    setLossFn(new SoftmaxCrossEntropy());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    if (!(getActivationFn() instanceof ActivationSoftmax)) {
      throw new DL4JInvalidConfigException(
          "layer " + getLayerName() + " takes no activation but SOFTMAX");
    }
    LayerStart.refuseGain(this);
    LayerValidation.assertNInNOutSet(
        "SoftmaxOutput", getLayerName(), layerIndex, getNIn(), getNOut());
    return LayerStart.of(
        new SoftmaxOutputRun(conf, type),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }
}
