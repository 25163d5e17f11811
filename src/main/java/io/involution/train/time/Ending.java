package io.involution.train.time;

import io.involution.config.value.EpochCount;
import java.util.Locale;
import java.util.Optional;

/**
 * When training ends: after the last epoch, or earlier, when the validation accuracy has not risen
 * for so many epochs in a row. Depends on the epochs' validation accuracies alone, so that a
 * resumed run, which is told of the epochs before it, ends where the undisturbed one does.
 */
public final class Ending {
  private final EpochCount epochs;
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
   * @param epochs how long it is at most
   * @param patience epochs in a row without a higher validation accuracy after which training ends;
   *     0 for any number
   */
  public Ending(EpochCount epochs, int patience) {
    if (patience < 0) {
      throw new IllegalArgumentException("patience " + patience);
    }
    this.epochs = epochs;
    this.patience = patience;
  }

  /** The same after whole epochs. */
  public Ending(int lastEpoch, int patience) {
    this(EpochCount.of(lastEpoch), patience);
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
  public boolean isAfter(int ended) {
    return ended >= epochs.last() || (patience > 0 && ended - bestEpoch >= patience);
  }

  /** How long training is if no patience ends it earlier. */
  public EpochCount epochs() {
    return epochs;
  }

  /** Why training is over after so many epochs. */
  public Reason reason(int ended) {
    return ended >= epochs.last() ? Reason.EPOCHS : Reason.PATIENCE;
  }

  /** Why training is over before the last epoch, in a few words; empty if it is not. */
  public Optional<String> early(int ended) {
    return reason(ended) == Reason.EPOCHS
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "stopped early after epoch %d of %s: no validation accuracy above that of epoch %d"
                    + " (%.4f) for %d epochs (--patience)",
                ended,
                epochs.word(),
                bestEpoch,
                best,
                patience));
  }
}
