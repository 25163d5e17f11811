package io.involution.model;

import io.involution.data.DataSchema;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Model files of networks for CIFAR-10. */
public final class SavedNetwork {
  private SavedNetwork() {}

  /** The file of a network. */
  public static byte[] file(NetworkBlueprint blueprint, ComputationGraph graph) {
    return ModelFile.write(
        graph,
        blueprint.saved(graph),
        new ModelMetadata(blueprint.label(), DataSchema.CIFAR10, blueprint.normalization(), "1.0"));
  }

  /** The same file as older jobs wrote it. */
  public static byte[] older(byte[] file) {
    Map<String, byte[]> entries = ModelDamage.entries(file);
    entries.remove("involution.json");
    return ModelDamage.zip(entries);
  }

  /** The file of a network with its initial weights. */
  public static byte[] file(NetworkBlueprint blueprint) {
    ComputationGraph graph = blueprint.build();
    try {
      return file(blueprint, graph);
    } finally {
      GraphState.close(graph);
    }
  }
}
