package io.involution.plan.measure;

import io.involution.data.DataSchema;
import io.involution.driver.input.Networks;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.summary.NetworkSummary;
import io.involution.plan.Coefficients;
import io.involution.plan.Line;
import io.involution.plan.NetworkCosts;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What a network costs that was not measured, or not on such images: as much as one that was, in
 * proportion to their floating-point operations.
 *
 * @param network the network
 * @param schema its images and classes
 */
public record NetworkEstimate(Network network, DataSchema schema) {
  /** Whether coefficients say what it costs. */
  private boolean isMeasured() {
    return isOurs() && schema.equals(DataSchema.CIFAR10);
  }

  private boolean isOurs() {
    return network instanceof NetworkKind;
  }

  private Network measured() {
    return isOurs() ? network : NetworkKind.CONVOLUTION;
  }

  /**
   * The coefficients with this network's costs.
   *
   * @throws io.involution.failure.InputException if the network cannot be made for such images
   */
  public Coefficients in(Coefficients known) {
    if (isMeasured()) {
      return known;
    }
    NetworkCosts costs = known.network(measured().label());
    NetworkBlueprint blueprint = blueprint();
    long bytes = GraphState.initial(blueprint).bytes();
    double operations =
        operations(blueprint, schema)
            / operations(Networks.untrained(measured(), DataSchema.CIFAR10), DataSchema.CIFAR10);
    return known.with(
        network.label(),
        new NetworkCosts(
            bytes,
            new Line(costs.step().fixed(), costs.step().each() * operations),
            costs.contention(),
            costs.copySeconds() * bytes / costs.stateBytes()));
  }

  private NetworkBlueprint blueprint() {
    return Networks.untrained(network, schema);
  }

  /** How the costs were found, if they were not measured. */
  public Optional<String> note() {
    return isMeasured()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "Estimated by operations, from the %s network on CIFAR-10.%s%n",
                measured().label(),
                isOurs() ? "" : " DL4J's layers may be slower."));
  }

  private static double operations(NetworkBlueprint blueprint, DataSchema schema) {
    ComputationGraph graph = blueprint.build();
    try {
      return NetworkSummary.of(graph, Networks.input(schema.image())).layers().stream()
          .mapToDouble(NetworkSummary.LayerRow::flops)
          .sum();
    } finally {
      graph.close();
    }
  }
}
