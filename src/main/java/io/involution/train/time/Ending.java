package io.involution.train.time;

import java.util.Locale;
import java.util.Optional;

/**
 * When training ends: after the last epoch, or earlier, when the validation accuracy has not risen
 * for so many epochs in a row. Depends on the epochs' validation accuracies alone, so that a
 * resumed run, which is told of the epochs before it, ends where the undisturbed one does.
 */
public final class Ending {
  private final int lastEpoch;
  private final int patience;
  private int bestEpoch;
  private double best = Double.NEGATIVE_INFINITY;

  /** Why training ended. */
  public enum Reason {
    /** All epochs were trained. */
    EPOCHS,
    /** The validation accuracy did not rise for as many epochs as the patience. */
    PATIENCE
  }

  /**
   * The end of a training.
   *
   * @param lastEpoch the last epoch, inclusive
   * @param patience epochs in a row without a higher validation accuracy after which training ends;
   *     0 for any number
   */
  public Ending(int lastEpoch, int patience) {
    if (lastEpoch < 1 || patience < 0) {
      throw new IllegalArgumentException("last epoch " + lastEpoch + ", patience " + patience);
    }
    this.lastEpoch = lastEpoch;
    this.patience = patience;
  }

  /**
   * Takes an epoch's validation accuracy into account; the epochs must come in order.
   *
   * @param epoch from 1
   * @param validationAccuracy 0 to 1
   */
  public void saw(int epoch, double validationAccuracy) {
    if (validationAccuracy > best) {
      best = validationAccuracy;
      bestEpoch = epoch;
    }
  }

  /** Whether training is over after so many epochs. */
  public boolean isAfter(int epochs) {
    return epochs >= lastEpoch || (patience > 0 && epochs - bestEpoch >= patience);
  }

  /** The last epoch if no patience ends training earlier. */
  public int lastEpoch() {
    return lastEpoch;
  }

  /** Why training is over after so many epochs. */
  public Reason reason(int epochs) {
    return epochs >= lastEpoch ? Reason.EPOCHS : Reason.PATIENCE;
  }

  /** Why training is over before the last epoch, in a few words; empty if it is not. */
  public Optional<String> early(int epochs) {
    return reason(epochs) == Reason.EPOCHS
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "stopped early after epoch %d of %d: no validation accuracy above that of epoch %d"
                    + " (%.4f) for %d epochs (--patience)",
                epochs,
                lastEpoch,
                bestEpoch,
                best,
                patience));
  }
}
