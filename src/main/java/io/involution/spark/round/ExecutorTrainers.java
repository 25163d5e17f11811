package io.involution.spark.round;

import io.involution.device.Device;
import io.involution.model.network.NetworkBlueprint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.apache.spark.TaskContext;

/**
 * The networks of an executor, kept from task to task, each with a thread of its own: as many as
 * ran at once, so that runs side by side keep theirs from round to round.
 */
final class ExecutorTrainers {
  /** The one that was used last comes first. */
  private static final Deque<TrainerThread> IDLE = new ArrayDeque<>();

  /** Networks in use, and the most of them that ever were: as many have room. */
  private static int busy;

  private static int mostBusy;

  private ExecutorTrainers() {}

  /**
   * Runs work on a network of this executor, building it where all are busy.
   *
   * @param blueprint which network
   * @param device what it computes on
   * @param work what to do; called in the network's own thread
   * @param task the calling task: when it is killed, the work is cancelled
   */
  static <T> T run(
      NetworkBlueprint blueprint,
      Device device,
      TaskContext task,
      Function<io.involution.train.LocalTrainer, T> work) {
    TrainerThread thread = take(blueprint, device);
    boolean sound = false;
    try {
      T result = thread.run(work, task.cpus(), task::isInterrupted);
      sound = true;
      return result;
    } finally {
      giveBack(thread, sound);
    }
  }

  private static TrainerThread take(NetworkBlueprint blueprint, Device device) {
    synchronized (IDLE) {
      busy++;
      mostBusy = Math.max(mostBusy, busy);
      for (TrainerThread thread : IDLE) {
        if (thread.blueprint().equals(blueprint) && thread.device().equals(device)) {
          IDLE.remove(thread);
          return thread;
        }
      }
      // Another network needs the room: that of a run which has ended, most likely.
      while (!IDLE.isEmpty() && busy + IDLE.size() > mostBusy) {
        IDLE.removeLast().close();
      }
    }
    return new TrainerThread(blueprint, device);
  }

  private static void giveBack(TrainerThread thread, boolean sound) {
    synchronized (IDLE) {
      busy--;
      if (sound) {
        IDLE.push(thread);
      } else {
        thread.close();
      }
    }
  }
}
