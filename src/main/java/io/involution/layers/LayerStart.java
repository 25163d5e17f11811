package io.involution.layers;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J wants to be told to every running layer that a configuration makes. */
final class LayerStart {
  private LayerStart() {}

  /**
   * Tells it.
   *
   * @param layer made from its configuration
   * @param index its number in the network
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
