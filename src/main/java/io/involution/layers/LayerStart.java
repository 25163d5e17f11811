package io.involution.layers;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Completes the running layers that configurations create, as DL4J expects. */
final class LayerStart {
  private LayerStart() {}

  /** Refuses a gain on a layer that has none; the defaults 0 and 1 are no such wish. */
  static void refuseGain(BaseLayer layer) {
    double gain = layer.getGainInit();
    if (!Double.isNaN(gain) && gain != 0 && gain != 1) {
      throw new DL4JInvalidConfigException(
          "layer " + layer.getLayerName() + " has no gain: leave out gainInit");
    }
  }

  /** Takes parameters that are not trained out of constraints, which null is without. */
  static List<LayerConstraint> trainedOnly(List<LayerConstraint> given, List<String> untrained) {
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
  static void requireCpu(org.deeplearning4j.nn.conf.layers.Layer layer) {
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

  /**
   * Sets what DL4J expects in a layer.
   *
   * @param layer the layer, created from its configuration
   * @param index its index in the network
   * @param parameters its part of the network's parameter vector
   * @param table the parameters in it by name
   * @return the layer
   */
  static Layer of(
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
