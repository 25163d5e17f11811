package io.involution.spark;

import io.involution.model.NetworkBlueprint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.TaskContext;

/**
 * The networks of an executor, kept from task to task: one for every task slot, each with a thread
 * of its own.
 */
final class ExecutorTrainers {
  private static final Deque<TrainerThread> IDLE = new ArrayDeque<>();

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
      if (sound) {
        giveBack(thread);
      } else {
        thread.close();
      }
    }
  }

  private static TrainerThread take(NetworkBlueprint blueprint, Device device) {
    synchronized (IDLE) {
      for (Iterator<TrainerThread> idle = IDLE.iterator(); idle.hasNext(); ) {
        TrainerThread thread = idle.next();
        if (!thread.blueprint().equals(blueprint)) {
          // The run has gone on to another network: this one's memory is free again.
          idle.remove();
          thread.close();
        } else if (thread.device().equals(device)) {
          idle.remove();
          return thread;
        }
      }
    }
    return new TrainerThread(blueprint, device);
  }

  private static void giveBack(TrainerThread thread) {
    synchronized (IDLE) {
      IDLE.push(thread);
    }
  }
}
