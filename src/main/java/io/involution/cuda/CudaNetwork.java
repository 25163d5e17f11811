package io.involution.cuda;

import io.involution.cuda.update.UpdateRule;
import io.involution.failure.InputException;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** All that an engine knows of a network. Making it takes ND4J's native libraries. */
public final class CudaNetwork {

  private final NetworkGraph layers;
  private final Normalization normalization;
  private final UpdateRule rule;
  private final MomentLayout moments;
  private final ParameterLayout layout;
  private final ModelState initial;

  /**
   * What there is to know of a blueprint's network.
   *
   * @throws InputException naming the layer that the kernels cannot compute, and why
   */
  public CudaNetwork(NetworkBlueprint blueprint) {
    layers = NetworkGraph.of(blueprint);
    normalization = blueprint.normalization();
    ComputationGraph graph = blueprint.build();
    try {
      rule = rule(blueprint, graph);
      moments = MomentLayout.of(graph);
      layout = ParameterLayout.of(graph);
      initial = GraphState.capture(graph);
    } finally {
      GraphState.close(graph);
    }
  }

  private static UpdateRule rule(NetworkBlueprint blueprint, ComputationGraph graph) {
    try {
      return new UpdateRule(graph);
    } catch (IllegalArgumentException e) {
      throw NetworkGraph.refused(
          blueprint.label(), "has what the GPU kernels cannot train: " + e.getMessage());
    }
  }

  NetworkGraph graph() {
    return layers;
  }

  Normalization normalization() {
    return normalization;
  }

  /** Where the layers' parameters are. */
  ParameterLayout layout() {
    return layout;
  }

  UpdateRule rule() {
    return rule;
  }

  MomentLayout moments() {
    return moments;
  }

  /** The network's state with its initial weights. */
  ModelState initial() {
    return initial;
  }
}
