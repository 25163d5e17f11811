package io.involution.layers.settings;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What DL4J expects of a layer's configuration, and of the running layers that it creates. */
public final class LayerStart {
  private LayerStart() {}

  /** Refuses a gain on a layer that has none; the defaults 0 and 1 are no such wish. */
  public static void refuseGain(BaseLayer layer) {
    double gain = layer.getGainInit();
    if (!Double.isNaN(gain) && gain != 0 && gain != 1) {
      throw new DL4JInvalidConfigException(
          "layer " + layer.getLayerName() + " has no gain: leave out gainInit");
    }
  }

  /** Whether a function is {@code max(0, z)}: a ReLU without a maximum, a threshold or a slope. */
  public static boolean isRelu(IActivation function) {
    return new ActivationReLU().equals(function);
  }

  /**
   * The error of a layer with another activation than those that it computes.
   *
   * @param computed the names of these
   */
  public static IllegalArgumentException wrongActivation(BaseLayer layer, String computed) {
    IActivation found = layer.getActivationFn();
    boolean set = found instanceof ActivationReLU && !isRelu(found);
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "layer %s (%s): the activation must be %s, not %s",
            layer.getLayerName(),
            layer.getClass().getSimpleName(),
            computed,
            set ? "a RELU with a maximum, a threshold or a slope" : found));
  }

  /** Takes parameters that are not trained out of constraints, which null is without. */
  public static List<LayerConstraint> trainedOnly(
      List<LayerConstraint> given, List<String> untrained) {
    if (given != null) {
      for (LayerConstraint constraint : given) {
        if (constraint.getParams() != null) {
          Set<String> trained = new HashSet<>(constraint.getParams());
          untrained.forEach(trained::remove);
          constraint.setParams(trained);
        }
      }
    }
    return given;
  }

  /** Refuses another backend than ND4J's for CPUs, on which a layer has no code. */
  public static void requireCpu(org.deeplearning4j.nn.conf.layers.Layer layer) {
    if (!Nd4j.getEnvironment().isCPU()) {
      throw new DL4JInvalidConfigException(
          String.format(
              Locale.ROOT,
              "layer %s, a %s, is not computed by ND4J on a GPU: use --device cpu or --gpu-engine"
                  + " cuda",
              layer.getLayerName(),
              layer.getClass().getSimpleName()));
    }
  }

  /** The error of a layer whose input has no known number of channels. */
  public static IllegalArgumentException unknownChannels(
      org.deeplearning4j.nn.conf.layers.Layer layer) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "layer %s does not know its input's channels: set nIn on the layer or the input type"
                + " of the network",
            layer.getLayerName()));
  }

  /**
   * The type of a layer's input as images in NCHW order.
   *
   * @throws IllegalArgumentException if it is another one
   */
  public static InputTypeConvolutional images(
      org.deeplearning4j.nn.conf.layers.Layer layer, InputType inputType) {
    if (inputType instanceof InputTypeConvolutional images
        && images.getFormat() == CNN2DFormat.NCHW) {
      return images;
    }
    throw new IllegalArgumentException(
        "layer " + layer.getLayerName() + " takes images [N, C, H, W] (NCHW), not " + inputType);
  }

  /** What a layer tells DL4J about its memory: parameters and the updater's state. */
  public static LayerMemoryReport memory(
      org.deeplearning4j.nn.conf.layers.Layer layer,
      InputType inputType,
      long parameters,
      long updaterState) {
    return new LayerMemoryReport.Builder(
            layer.getLayerName(), layer.getClass(), inputType, layer.getOutputType(-1, inputType))
        .standardMemory(parameters, updaterState)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }

  /**
   * Sets what DL4J expects in a layer.
   *
   * @param layer the layer, created from its configuration
   * @param index its index in the network
   * @param parameters its part of the network's parameter vector
   * @param table the parameters in it by name
   * @return the layer
   */
  public static Layer of(
      Layer layer,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      Map<String, INDArray> table) {
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(table);
    return layer;
  }
}
