package io.involution.plan;

import io.involution.failure.InputException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The costs of a round's parts on the machine where they were measured.
 *
 * @param measured the machine, cluster, date and command of the measurement
 * @param networks each network's costs, by name
 * @param broadcast the driver's seconds to offer a model state, and per byte of it
 * @param receive an executor's seconds to fetch and deserialize one, and per byte of it
 * @param scheduling the scheduler's seconds per job, and per task of it
 * @param exchange the costs of averaging
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

  /** The same with the costs of another network. */
  public Coefficients with(String name, NetworkCosts costs) {
    Map<String, NetworkCosts> all = new HashMap<>(networks);
    all.put(name, costs);
    return new Coefficients(measured, all, broadcast, receive, scheduling, exchange);
  }

  /**
   * The costs of a network.
   *
   * @throws InputException if it was not measured
   */
  public NetworkCosts network(String name) {
    NetworkCosts costs = networks.get(name);
    if (costs == null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--coefficients has no network %s: measure it with plan --measure FILE --model %s",
              name,
              name));
    }
    return costs;
  }
}
