package io.involution.plan;

/**
 * A worker's costs of training a network.
 *
 * @param stateBytes size of its model state: parameters, running statistics and Adam's two moments
 * @param step seconds of a local step: fixed, and per example of the minibatch; measured with all
 *     slots of the machine busy
 * @param contention how many times longer a step takes then than on an idle machine
 * @param copySeconds seconds to copy a model state into the network and out of it
 */
public record NetworkCosts(long stateBytes, Line step, double contention, double copySeconds) {

  /** Checks that the state is not empty, and that a step takes time. */
  public NetworkCosts {
    if (stateBytes < 4 || !(step.each() > 0)) {
      throw new IllegalArgumentException(
          "a network of %d bytes, %s s per example".formatted(stateBytes, step.each()));
    }
    if (!(contention > 0 && copySeconds >= 0)) {
      throw new IllegalArgumentException(
          "contention %s, copying %s s".formatted(contention, copySeconds));
    }
  }
}
