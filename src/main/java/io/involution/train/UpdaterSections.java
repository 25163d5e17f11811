package io.involution.train;

import io.involution.config.training.UpdaterStateChoice;
import io.involution.model.state.ModelState;

/**
 * Where the updater state is kept between two rounds. If it is averaged, it is a section of the
 * model state like the parameters. If it is reset, that section is empty, and every round starts
 * with a fresh updater. If it is local, the section is empty too, and every worker has a section of
 * its own, which is sent to that worker only and returns with its update: so losing an executor or
 * the driver loses none of it.
 *
 * @param choice averaged, reset or local
 */
public record UpdaterSections(UpdaterStateChoice choice) {
  private static final float[] NONE = {};

  /**
   * The model state that training starts with.
   *
   * @param fresh state of a new network
   * @param workers number of workers
   */
  public ModelState initial(ModelState fresh, int workers) {
    if (choice == UpdaterStateChoice.AVERAGED) {
      return fresh;
    }
    ModelState state = fresh.with(ModelState.UPDATER, NONE);
    if (choice == UpdaterStateChoice.LOCAL) {
      for (int worker = 0; worker < workers; worker++) {
        state = state.with(ModelState.ownUpdater(worker), fresh.updater());
      }
    }
    return state;
  }

  /** On the worker: the state that its local steps start from. */
  public ModelState start(ModelState shared, float[] own) {
    return choice == UpdaterStateChoice.LOCAL ? shared.with(ModelState.UPDATER, own) : shared;
  }

  /** On the worker: the part of an update with the full state that is sent to the driver. */
  public WorkerUpdate end(WorkerUpdate update) {
    ModelState state = update.state();
    ModelState sent =
        switch (choice) {
          case AVERAGED -> state;
          case RESET -> state.with(ModelState.UPDATER, NONE);
          case LOCAL ->
              state
                  .with(ModelState.UPDATER, NONE)
                  .with(ModelState.ownUpdater(update.report().worker()), state.updater());
        };
    return new WorkerUpdate(update.reports(), sent);
  }
}
