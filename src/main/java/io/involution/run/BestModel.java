package io.involution.run;

import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import java.util.Optional;

/** Keeps the model with the best validation accuracy so far, if examples are held out. */
public final class BestModel implements Journal {
  private final RunFolder folder;
  private final String file;
  private double best = Double.NEGATIVE_INFINITY;

  /** The best model of one network of a run. */
  public BestModel(RunFolder folder, String model) {
    this.folder = folder;
    this.file = model + "/best-state.bin";
  }

  /** Records an epoch that an earlier attempt trained; null without validation. */
  public void remember(Double validationAccuracy) {
    if (validationAccuracy != null) {
      best = Math.max(best, validationAccuracy);
    }
  }

  /**
   * Makes sure that the best model of an earlier attempt can be read.
   *
   * @throws InputException when its file is missing or damaged
   */
  public void check() {
    state();
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    outcome
        .validation()
        .filter(validation -> validation.accuracy() > best)
        .ifPresent(
            validation -> {
              best = validation.accuracy();
              folder.write(file, ModelStateFormat.write(outcome.state()));
            });
  }

  /**
   * The best model.
   *
   * @return empty if no examples are held out, or no epoch has ended yet
   * @throws InputException when its file is missing or damaged
   */
  public Optional<ModelState> state() {
    if (best == Double.NEGATIVE_INFINITY) {
      return Optional.empty();
    }
    String place = folder.location() + "/" + file;
    byte[] bytes =
        folder
            .read(file)
            .orElseThrow(
                () -> new InputException(place + " is missing: start over with --overwrite"));
    return Optional.of(ModelStateFormat.read(bytes, place));
  }
}
