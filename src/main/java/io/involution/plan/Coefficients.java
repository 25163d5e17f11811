package io.involution.plan;

import io.involution.failure.InputException;
import java.util.Map;

/**
 * What the parts of a round cost on the machine where they were measured.
 *
 * @param measured which machine and cluster, when, and by which command
 * @param networks by the networks' names
 * @param broadcast the driver's seconds to offer a model state, and for every byte of it
 * @param receive an executor's seconds to fetch and deserialize one, and for every byte of it
 * @param scheduling the scheduler's seconds for a job, and for every task of it
 * @param exchange what averaging costs
 */
public record Coefficients(
    String measured,
    Map<String, NetworkCosts> networks,
    Line broadcast,
    Line receive,
    Line scheduling,
    ExchangeCosts exchange) {

  /** Keeps a copy of the map. */
  public Coefficients {
    networks = Map.copyOf(networks);
  }

  /**
   * The costs of a network.
   *
   * @throws InputException when it was not measured
   */
  public NetworkCosts network(String name) {
    NetworkCosts costs = networks.get(name);
    if (costs == null) {
      throw new InputException(
          "--coefficients has no network %s: measure it by plan --measure FILE --model %s"
              .formatted(name, name));
    }
    return costs;
  }
}
