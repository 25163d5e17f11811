package io.involution.plan;

import java.util.Locale;

/**
 * A worker's costs of training a network.
 *
 * @param stateBytes size of its model state: parameters, running statistics and the optimizer's
 *     state, which is Adam's where it was measured
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
          String.format(
              Locale.ROOT, "a network of %d bytes, %s s per example", stateBytes, step.each()));
    }
    if (!(contention > 0 && copySeconds >= 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "contention %s, copying %s s", contention, copySeconds));
    }
  }

  /**
   * The costs of a network that is much like this one.
   *
   * @param otherStateBytes size of its model state
   * @param operations its floating-point operations for an image, divided by this one's
   */
  public NetworkCosts scaled(long otherStateBytes, double operations) {
    return new NetworkCosts(
        otherStateBytes,
        new Line(step.fixed(), step.each() * operations),
        contention,
        copySeconds * otherStateBytes / stateBytes);
  }
}
