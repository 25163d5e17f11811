package io.involution.run;

import io.involution.model.ModelState;
import io.involution.model.ModelStateFormat;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import java.util.Optional;

/** Keeps the model of the best validation accuracy so far, where examples are held out. */
public final class BestModel implements Journal {
  private final RunFolder folder;
  private final String file;
  private double best = Double.NEGATIVE_INFINITY;

  /** The best model of one network of a run. */
  public BestModel(RunFolder folder, String model) {
    this.folder = folder;
    this.file = model + "/best-state.bin";
  }

  /** Takes note of an epoch that an earlier attempt trained; null without validation. */
  public void remember(Double validationAccuracy) {
    if (validationAccuracy != null) {
      best = Math.max(best, validationAccuracy);
    }
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {}

  @Override
  public void epochEnded(EpochOutcome outcome) {
    outcome
        .validation()
        .filter(validation -> validation.accuracy() > best)
        .ifPresent(
            validation -> {
              best = validation.accuracy();
              folder.replace(file, ModelStateFormat.write(outcome.state()));
            });
  }

  /** The best model, or empty where no examples are held out. */
  public Optional<ModelState> state() {
    return best == Double.NEGATIVE_INFINITY
        ? Optional.empty()
        : folder.read(file).map(bytes -> ModelStateFormat.read(bytes, file));
  }
}
