package io.involution.plan.measure;

import io.involution.config.TrainOptions;
import io.involution.data.DataSchema;
import io.involution.driver.input.Networks;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.summary.NetworkSummary;
import io.involution.plan.Coefficients;
import io.involution.plan.NetworkCosts;
import io.involution.train.UpdaterSections;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What a network costs: as coefficients say if it was measured, otherwise as much as one that was,
 * in proportion to their floating-point operations. The model state is what a run's optimizer makes
 * of it, where the measured one has Adam's.
 *
 * @param network the network
 * @param schema its images and classes
 * @param costs the coefficients with this network's costs
 * @param note how the costs were found, if they were not measured
 */
public record NetworkEstimate(
    NetworkBlueprint network, DataSchema schema, Coefficients costs, Optional<String> note) {
  /** Networks whose steps are mostly those of involutions. */
  private static final Set<NetworkKind> INVOLUTIONS =
      Set.of(NetworkKind.WIDE_INVOLUTION, NetworkKind.DEEP_INVOLUTION, NetworkKind.REDNET);

  /**
   * Finds a network's costs.
   *
   * @param network the network
   * @param options the run's options
   * @param schema its images and classes
   * @param known what was measured, on CIFAR-10
   * @throws io.involution.failure.InputException if the network cannot be made for such images
   */
  public static NetworkEstimate of(
      Network network, TrainOptions options, DataSchema schema, Coefficients known) {
    NetworkBlueprint blueprint = Networks.untrained(network, schema);
    long bytes = exchanged(network, options, schema);
    NetworkCosts measured = known.networks().get(network.label());
    boolean same =
        measured != null && measured.stateBytes() == GraphState.initial(blueprint).bytes();
    if (same && schema.equals(DataSchema.CIFAR10)) {
      Coefficients ofRun = known.with(network.label(), measured.scaled(bytes, 1));
      return new NetworkEstimate(blueprint, schema, ofRun, Optional.empty());
    }
    NetworkKind like = like(network, known);
    double operations =
        operations(blueprint, schema)
            / operations(Networks.untrained(like, DataSchema.CIFAR10), DataSchema.CIFAR10);
    NetworkCosts estimated = known.network(like.label()).scaled(bytes, operations);
    String note =
        String.format(
            Locale.ROOT,
            "Estimated by operations, from the %s network on CIFAR-10.%s%n",
            like.label(),
            network instanceof NetworkKind ? "" : " DL4J's layers may be slower.");
    return new NetworkEstimate(
        blueprint, schema, known.with(network.label(), estimated), Optional.of(note));
  }

  /** Bytes of the model state that a worker begins and ends a round with. */
  private static long exchanged(Network network, TrainOptions options, DataSchema schema) {
    NetworkBlueprint blueprint = Networks.untrained(network, options.optimizer(), schema);
    return new UpdaterSections(options.averaging().updaterState())
        .initial(GraphState.initial(blueprint), 1)
        .workerBytes();
  }

  /** The measured network that is most like one. */
  private static NetworkKind like(Network network, Coefficients known) {
    Stream<NetworkKind> first =
        network instanceof NetworkKind kind
            ? Stream.of(
                kind, INVOLUTIONS.contains(kind) ? NetworkKind.INVOLUTION : NetworkKind.CONVOLUTION)
            : Stream.of(NetworkKind.CONVOLUTION);
    return Stream.concat(first, Arrays.stream(NetworkKind.values()))
        .filter(kind -> known.networks().containsKey(kind.label()))
        .findFirst()
        .orElse(NetworkKind.CONVOLUTION);
  }

  private static double operations(NetworkBlueprint blueprint, DataSchema schema) {
    ComputationGraph graph = blueprint.build();
    try {
      return NetworkSummary.of(graph, Networks.input(schema.image())).layers().stream()
          .mapToDouble(NetworkSummary.LayerRow::flops)
          .sum();
    } finally {
      GraphState.close(graph);
    }
  }
}
