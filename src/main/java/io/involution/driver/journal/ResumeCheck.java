package io.involution.driver.journal;

import io.involution.failure.InputException;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.train.EpochPlan;
import io.involution.train.Position;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what a run would be resumed from before anything of the run is changed.
 *
 * @param folder the run's folder, opened for reading
 * @param identity everything that determines the run's result
 * @param plan how an epoch is divided into rounds
 * @param epochs the run's last epoch
 */
public record ResumeCheck(
    RunFolder folder, Map<String, String> identity, EpochPlan plan, int epochs) {

  /**
   * Makes sure that one network can be resumed, or has no checkpoint yet.
   *
   * @throws InputException when what was written before is damaged
   */
  public void require(String model) {
    while (true) {
      List<String> before = folder.list(model);
      try {
        new Checkpoints(folder, model, identity)
            .latest(line -> {})
            .ifPresent(last -> require(model, last));
        return;
      } catch (InputException e) {
        // The run that is about to be taken over may have replaced what was just being read.
        if (before.equals(folder.list(model))) {
          throw e;
        }
      }
    }
  }

  private void require(String model, Checkpoint last) {
    Position position = last.point().position();
    int rounds = position.epochs() < epochs ? plan.roundsIn(position.epochs() + 1) : 0;
    if (position.epochs() > epochs || position.rounds() > rounds) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s has a checkpoint after %s, which the run does not reach: start over with"
                  + " --overwrite",
              folder.location(),
              model,
              position.shown()));
    }
    ModelOutputs.check(folder, model, last);
  }
}
