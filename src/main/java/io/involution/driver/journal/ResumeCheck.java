package io.involution.driver.journal;

import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.train.time.Course;
import io.involution.train.time.Position;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what a run would be resumed from before anything of the run is changed.
 *
 * @param folder the run's folder, opened for reading
 * @param identity everything that determines the run's result
 * @param course the whole training
 */
public record ResumeCheck(RunFolder folder, Map<String, String> identity, Course course) {

  /**
   * Makes sure that one network can be resumed, or has no checkpoint yet.
   *
   * @param model the network's name
   * @param fresh the state that it begins with, whose sections have the lengths of every later one
   * @throws InputException when what was written before is damaged
   */
  public void require(String model, ModelState fresh) {
    while (true) {
      List<String> before = folder.list(model);
      try {
        new Checkpoints(folder, model, identity)
            .latest(line -> {})
            .ifPresent(last -> require(model, last, fresh));
        return;
      } catch (InputException e) {
        // The run that is about to be taken over may have replaced what was just being read.
        if (before.equals(folder.list(model))) {
          throw e;
        }
      }
    }
  }

  private void require(String model, Checkpoint last, ModelState fresh) {
    Position position = last.point().position();
    if (!course.holds(position)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s has a checkpoint after %s, which the run does not reach: start over with"
                  + " --overwrite",
              folder.location(),
              model,
              position.shown()));
    }
    ModelState state = last.point().state();
    for (String section : state.names()) {
      int length = state.section(section).length;
      String like = ModelState.isOfDriver(section) ? ModelState.PARAMETERS : section;
      int expected = fresh.names().contains(like) ? fresh.section(like).length : length;
      if (length != expected && expected > 0) {
        throw unlike(model, section + " of " + length + " values, not " + expected);
      }
    }
    if (!state.names().containsAll(fresh.names())) {
      throw unlike(model, state.names() + " and not " + fresh.names());
    }
    ModelOutputs.check(folder, model, last);
  }

  private InputException unlike(String model, String found) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s/%s has a checkpoint that is not one of this network (it holds %s): start over with"
                + " --overwrite",
            folder.location(),
            model,
            found));
  }
}
