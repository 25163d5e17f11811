package io.involution.ml;

import io.involution.config.TrainOptions;
import io.involution.model.state.ModelState;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The epochs of a fit: their losses, and which is best by the held-out examples. */
final class FitHistory implements Journal {
  private final Ending ending;
  private final FitCheckpoints checkpoints;
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> accuracies = new ArrayList<>();
  private ModelState best;

  /**
   * An empty history.
   *
   * @param options when training ends
   * @param checkpoints where every epoch is kept
   */
  FitHistory(TrainOptions options, FitCheckpoints checkpoints) {
    this.ending = new Ending(options.epochs(), options.patience());
    this.checkpoints = checkpoints;
  }

  /** When training ends. */
  Ending ending() {
    return ending;
  }

  /**
   * Where training starts: after the last epoch that was kept, or at the beginning.
   *
   * @param fresh the state at the beginning
   */
  TrainingPoint start(ModelState fresh) {
    Optional<FitCheckpoints.Kept> kept = checkpoints.latest();
    if (kept.isEmpty()) {
      return TrainingPoint.start(fresh);
    }
    losses.addAll(kept.get().losses());
    accuracies.addAll(kept.get().accuracies());
    best = kept.get().best();
    for (int i = 0; i < accuracies.size(); i++) {
      ending.saw(i + 1, accuracies.get(i));
    }
    return TrainingPoint.after(losses.size(), kept.get().state());
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    losses.add(outcome.training().orElseThrow().lossSum() / outcome.examples());
    outcome.validation().ifPresent(held -> accuracies.add(held.accuracy()));
  }

  @Override
  public void reached(TrainingPoint point) {
    if (point.position().rounds() == 0) {
      if (FitCheckpoints.bestEpoch(losses, accuracies) == losses.size()) {
        best = point.state().averaged();
      }
      checkpoints.save(
          new FitCheckpoints.Kept(
              List.copyOf(losses), List.copyOf(accuracies), point.state(), best));
    }
  }

  /** The state to use. */
  ModelState best() {
    return best;
  }

  /** Mean cross-entropy of each epoch's training examples, in nats. */
  double[] losses() {
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Accuracy of each epoch on the held-out examples; empty if there are none. */
  double[] accuracies() {
    return accuracies.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
