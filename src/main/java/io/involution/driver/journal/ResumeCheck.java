package io.involution.driver.journal;

import io.involution.failure.InputException;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.ResultFiles;
import io.involution.metrics.ResultFiles.Damage;
import io.involution.metrics.RunRecord;
import io.involution.model.state.ModelState;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.train.time.Course;
import io.involution.train.time.Position;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reads what a run would be resumed from before anything of the run is changed.
 *
 * @param folder the run's folder, opened for reading
 * @param identity everything that determines the run's result
 * @param course the whole training
 */
public record ResumeCheck(RunFolder folder, Map<String, String> identity, Course course) {

  /**
   * Makes sure that every network of a finished run has a checkpoint to go on from.
   *
   * @throws InputException when one has none
   */
  public static void requireCheckpoints(RunFolder run) {
    requireCheckpoints(
        run,
        model ->
            String.format(
                Locale.ROOT,
                "the finished run in %s has no checkpoint of %s left to go on from: start from its"
                    + " model with --init and another --out",
                run.location(),
                model));
  }

  /**
   * Makes sure that the damaged files of a finished run can be written again from its checkpoints:
   * without them it would be trained again.
   *
   * @throws InputException when a network has none
   */
  public static void requireRepairable(RunFolder run, List<Damage> damaged) {
    requireCheckpoints(
        run,
        model ->
            String.format(
                Locale.ROOT,
                "%s is lost from the finished run in %s, and %s has no checkpoint left to repair it"
                    + " from: use another copy of it, or train again with --overwrite",
                ResultFiles.shown(damaged),
                run.location(),
                model));
  }

  private static void requireCheckpoints(RunFolder run, UnaryOperator<String> without) {
    for (String model : RunRecord.results(run).keySet()) {
      if (!Checkpoints.exist(run, model)) {
        throw new InputException(without.apply(model));
      }
    }
  }

  /**
   * Whether training ends within an epoch, and a network has come to that end. The epoch's row says
   * so too, since the checkpoint may have been damaged.
   *
   * @param models the networks' names
   * @throws InputException when none of a network's checkpoints can be read
   */
  public boolean isAtCut(List<String> models) {
    return course.isCut() && models.stream().anyMatch(this::isAtCut);
  }

  private boolean isAtCut(String model) {
    return new MetricsFolder(folder).epoch(model, course.epochs().last()).isPresent()
        || unchanged(model, () -> latest(model))
            .filter(last -> course.isAtCut(last.point().position()))
            .isPresent();
  }

  /**
   * Makes sure that one network can be resumed, or has no checkpoint yet.
   *
   * @param model the network's name
   * @param fresh the state that it begins with, whose sections have the lengths of every later one
   * @throws InputException when what was written before is damaged
   */
  public void require(String model, ModelState fresh) {
    unchanged(
        model,
        () -> {
          Optional<Checkpoint> last = latest(model);
          last.ifPresent(known -> require(model, known, fresh));
          return last;
        });
  }

  private Optional<Checkpoint> latest(String model) {
    return new Checkpoints(folder, model, identity).latest(line -> {});
  }

  /** The run that is about to be taken over may replace what is just being read. */
  private <T> T unchanged(String model, Supplier<T> read) {
    while (true) {
      List<String> before = folder.list(model);
      try {
        return read.get();
      } catch (InputException e) {
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
