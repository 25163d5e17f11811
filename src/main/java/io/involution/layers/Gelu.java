package io.involution.layers;

import io.involution.layers.norm.GeluRun;
import io.involution.layers.settings.LayerStart;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * GELU of each value, {@code z * (1 + erf(z / sqrt(2))) / 2} (Hendrycks and Gimpel, 2016), for
 * inputs of any shape, in float32 or float64. DL4J's activation of that name approximates it by a
 * sigmoid or, if it is to be precise, by tanh. After a BatchNorm, {@link BatchNormBlock} does it in
 * the same pass.
 */
public final class Gelu extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    LayerStart.requireCpu(this);
    return LayerStart.of(
        new GeluRun(conf, type),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return LayerStart.memory(this, inputType, 0, 0);
  }
}
