package io.involution.bench.contender;

import java.util.function.DoubleSupplier;

/**
 * What some steps took.
 *
 * @param seconds the mean time of a step
 * @param loss the mean over the steps of the minibatch's mean cross-entropy
 */
public record StepTime(double seconds, double loss) {

  /** Times steps that each return their loss. */
  static StepTime of(int steps, DoubleSupplier step) {
    double loss = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      loss += step.getAsDouble();
    }
    return new StepTime((System.nanoTime() - begin) / 1e9 / steps, loss / steps);
  }
}
