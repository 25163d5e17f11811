package io.involution.layers;

import io.involution.layers.norm.PoolRun;
import io.involution.layers.settings.LayerStart;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The maximum or the mean of each channel: images [N, C, H, W] to features [N, C], in float32 or
 * float64. The gradient of a maximum goes to the first of equal values.
 */
public final class GlobalPool extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  /** What a channel becomes. */
  public enum Kind {
    /** Its largest value. */
    MAX,
    /** The mean of its values. */
    AVERAGE
  }

  // model.zip contains the name of this field.
  private Kind kind = Kind.MAX;

  /** For the JSON reader, which sets the fields afterwards. */
  @SuppressWarnings("unused")
  private GlobalPool() {}

  /** A layer that takes the maximum or the mean. */
  public GlobalPool(Kind kind) {
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** What a channel becomes. */
  public Kind getKind() {
    return kind;
  }

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
        new PoolRun(conf, type, kind == Kind.MAX),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(LayerStart.images(this, inputType).getChannels());
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, layerName);
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return LayerStart.memory(this, inputType, 0, 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GlobalPool that && super.equals(other) && kind == that.kind;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + kind.hashCode();
  }

  @Override
  public String toString() {
    return "GlobalPool(" + kind + ")";
  }
}
