package io.involution.train;

import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What takes a worker's local steps: one network on one device. What it computes is a pure function
 * of the state and the arguments. For use by one thread.
 */
public interface StepEngine extends AutoCloseable {
  /**
   * Overwrites the network's parameters, updater state and step count.
   *
   * @param state not changed; an empty updater state resets the updater
   * @throws IllegalArgumentException when the state does not match the network
   */
  void restore(ModelState state);

  /**
   * Takes local steps. If a loss becomes NaN or infinite, so does the loss sum; all steps are still
   * taken.
   *
   * @param steps all steps of a round
   * @param cancelled asked between steps, though not necessarily between any two
   * @throws CancellationException when it has said yes; the network's state is undefined then
   */
  StepSums take(LocalSteps steps, BooleanSupplier cancelled);

  /**
   * The network's current state, in arrays that this engine never changes: right after
   * construction, its initial weights.
   */
  ModelState capture();

  /** Evaluates every example of a shard in inference mode. */
  Evaluation evaluate(Shard shard);

  /**
   * Class probabilities of every image of a shard in inference mode.
   *
   * @return {@code [images][classes]}
   */
  float[][] probabilities(Shard shard);

  /** Frees the network and its memory. */
  @Override
  void close();
}
