package io.involution.train;

import io.involution.config.UpdaterStateChoice;
import io.involution.model.state.ModelState;

/**
 * Where the updater's state is between two rounds. Averaged, it is a section of the model state
 * like the parameters. Reset, that section is empty, and every round begins with a fresh updater.
 * Local, it is empty too, and every worker has a section of its own, which only that worker gets
 * and which comes back with its update: so a lost executor or driver costs none of it.
 *
 * @param choice which of them
 */
public record UpdaterSections(UpdaterStateChoice choice) {
  private static final float[] NONE = {};

  /**
   * The state that training begins with.
   *
   * @param fresh state of a fresh network
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

  /** Worker's side: the state that its local steps start from. */
  public ModelState start(ModelState shared, float[] own) {
    return choice == UpdaterStateChoice.LOCAL ? shared.with(ModelState.UPDATER, own) : shared;
  }

  /** Worker's side: what goes back to the driver of an update with the whole state. */
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
    return new WorkerUpdate(update.report(), sent);
  }
}
