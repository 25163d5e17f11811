package io.involution.ml;

import io.involution.data.DataSchema;
import io.involution.driver.input.SavedModel;
import io.involution.driver.provenance.JobVersion;
import io.involution.model.ModelFile;
import io.involution.model.ModelMetadata;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network and its parameters.
 *
 * @param blueprint the network
 * @param schema the images and classes that it is for
 * @param parameters its parameters; not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TrainedNetwork(NetworkBlueprint blueprint, DataSchema schema, float[] parameters)
    implements Serializable {

  /** What is sent to the executors. */
  ModelState state() {
    return ModelState.of(0, parameters, new float[0]).parametersOnly();
  }

  /** The bytes of a model.zip. */
  byte[] zip() {
    ComputationGraph graph = blueprint.build();
    try {
      GraphState.restore(graph, GraphState.capture(graph).with(ModelState.PARAMETERS, parameters));
      return ModelFile.write(
          graph,
          blueprint.saved(graph),
          new ModelMetadata(
              blueprint.label(), schema, blueprint.normalization(), JobVersion.version()));
    } finally {
      GraphState.close(graph);
    }
  }

  /**
   * Reads a model.zip.
   *
   * @param name its name, for error messages
   * @throws io.involution.failure.InputException if it is damaged
   */
  static TrainedNetwork read(byte[] zip, String name) {
    SavedModel saved = SavedModel.read(zip, name);
    try {
      return new TrainedNetwork(
          saved.blueprint(),
          saved.metadata().schema(),
          GraphState.capture(saved.graph()).parameters());
    } finally {
      GraphState.close(saved.graph());
    }
  }
}
