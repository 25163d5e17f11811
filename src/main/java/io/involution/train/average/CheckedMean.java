package io.involution.train.average;

import io.involution.model.state.ModelState;
import io.involution.train.DivergenceException;
import java.util.List;
import java.util.Optional;

/**
 * The mean of a round's updates, or why there is none. Of several faults the first that was added
 * counts; what is wrong with one update comes before updates that do not belong together.
 */
public final class CheckedMean {
  private final WeightedMean mean;
  private UpdateFault fault;
  private UpdateFault mismatch;

  /**
   * The mean of nothing yet.
   *
   * @param mean makes it
   */
  public CheckedMean(WeightedMean mean) {
    this.mean = mean;
  }

  /**
   * Adds sound updates.
   *
   * @param states at least one, in worker order
   */
  public void add(List<WeightedMean.Weighted> states) {
    if (fault().isPresent()) {
      return;
    }
    try {
      mean.add(states);
    } catch (IllegalArgumentException e) {
      mismatch = new UpdateFault(UpdateFault.Kind.MISMATCHED, e.getMessage());
    }
  }

  /** Adds what is wrong with an update. */
  public void add(UpdateFault found) {
    fault = fault == null ? found : fault;
  }

  /** Why there is no mean. */
  public Optional<UpdateFault> fault() {
    return Optional.ofNullable(fault == null ? mismatch : fault);
  }

  /**
   * The mean.
   *
   * @throws DivergenceException when an update was no finite number
   * @throws io.involution.failure.RunFailedException when one was not of this round or model
   * @throws IllegalArgumentException when they did not belong together, or there are none
   */
  public ModelState value() {
    Optional<UpdateFault> found = fault();
    if (found.isPresent()) {
      throw found.get().exception();
    }
    return mean.value();
  }
}
