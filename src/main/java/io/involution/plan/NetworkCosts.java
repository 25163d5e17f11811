package io.involution.plan;

/**
 * What a network costs a worker.
 *
 * @param stateBytes size of its model state: parameters, running statistics and Adam's two moments
 * @param step seconds of a local step: fixed, and for every example of the minibatch; measured with
 *     a worker on every slot of the machine at once
 * @param contention how many times longer a step takes so than with the machine to itself
 * @param copySeconds copying a model state into the network and out of it
 */
public record NetworkCosts(long stateBytes, Line step, double contention, double copySeconds) {

  /** Checks that there is a state, and that a step takes time. */
  public NetworkCosts {
    if (stateBytes < 4 || !(step.each() > 0)) {
      throw new IllegalArgumentException(
          "a network of %d bytes, %s s an example".formatted(stateBytes, step.each()));
    }
    if (!(contention > 0 && copySeconds >= 0)) {
      throw new IllegalArgumentException(
          "contention %s, copying %s s".formatted(contention, copySeconds));
    }
  }
}
