package io.involution.bench;

import java.util.Map;

/**
 * What a contender says of itself when it is ready to be timed.
 *
 * @param formulation how it writes the network
 * @param size its network's numbers of parameters
 * @param firstLoss mean loss of its first pass over the data
 * @param lastLoss mean loss of its last pass before timing, smaller
 * @param formulationSeconds least time of a step in each formulation it chose from; perhaps empty
 */
public record Greeting(
    String formulation,
    NetworkSize size,
    double firstLoss,
    double lastLoss,
    Map<String, Double> formulationSeconds) {}
