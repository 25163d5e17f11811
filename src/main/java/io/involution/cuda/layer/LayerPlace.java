package io.involution.cuda.layer;

import io.involution.config.Precision;
import io.involution.cuda.driver.CudaDevice;

/**
 * Where a layer stands.
 *
 * @param device where it computes
 * @param input what it takes, and where the layer writes its gradient
 * @param step address of the step's header, four integers: examples of this minibatch, index of the
 *     first of them in the round's order, number of the step in the round, 0
 * @param parameters address of its first parameter
 * @param gradients address of its first parameter's gradient
 * @param capacity the most examples of a minibatch
 * @param precision with what numbers it may multiply
 */
public record LayerPlace(
    CudaDevice device,
    Activations input,
    long step,
    long parameters,
    long gradients,
    int capacity,
    Precision precision) {

  /** A place in float32. */
  public LayerPlace(
      CudaDevice device,
      Activations input,
      long step,
      long parameters,
      long gradients,
      int capacity) {
    this(device, input, step, parameters, gradients, capacity, Precision.FLOAT32);
  }

  /** Checks the capacity. */
  public LayerPlace {
    if (capacity < 1) {
      throw new IllegalArgumentException("a minibatch of at most " + capacity + " examples");
    }
  }
}
