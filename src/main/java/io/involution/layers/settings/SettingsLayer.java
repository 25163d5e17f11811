package io.involution.layers.settings;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer with parameters and settings of its own, which takes no weight noise. */
public abstract class SettingsLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  /** For the JSON reader, which sets the fields afterwards. */
  protected SettingsLayer() {}

  /** A layer with a builder's settings. */
  protected SettingsLayer(FeedForwardLayer.Builder<?> builder) {
    super(builder);
    refuseWeightNoise();
  }

  /**
   * Refuses settings that the layer cannot have. A file sets them without the constructor.
   *
   * @throws IllegalArgumentException naming the setting
   */
  protected void check() {
    refuseWeightNoise();
  }

  private void refuseWeightNoise() {
    if (weightNoise != null) {
      throw new IllegalArgumentException(
          "layer " + layerName + " takes no weight noise (weightNoise)");
    }
  }

  /** All settings of the layer beyond those of {@link FeedForwardLayer}. */
  protected abstract List<Object> settings();

  /** The running layer, without parameters yet. */
  protected abstract Layer running(NeuralNetConfiguration conf, DataType type);

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    check();
    return LayerStart.of(
        running(conf, type),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }

  @Override
  public final LayerMemoryReport getMemoryReport(InputType inputType) {
    long parameters = initializer().numParams(this);
    long updaterState = iUpdater == null ? 0 : iUpdater.stateSize(parameters);
    return LayerStart.memory(this, inputType, parameters, updaterState);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof SettingsLayer that
        && getClass() == that.getClass()
        && super.equals(other)
        && settings().equals(that.settings());
  }

  @Override
  public final int hashCode() {
    return 31 * super.hashCode() + settings().hashCode();
  }
}
