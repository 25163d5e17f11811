package io.involution.spark.round;

import io.involution.cuda.driver.CudaFault;
import io.involution.device.Device;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.device.Devices;
import io.involution.train.LocalTrainer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.apache.spark.TaskContext;

/**
 * The networks of an executor, kept from task to task, each with its own thread: as many as were
 * ever in use at the same time, so that concurrent runs keep theirs from round to round.
 */
final class ExecutorTrainers {
  /** Most recently used first. */
  private static final Deque<TrainerThread> IDLE = new ArrayDeque<>();

  /** Networks in use, and the most that ever were: room for idle ones. */
  private static int busy;

  private static int mostBusy;

  private ExecutorTrainers() {}

  /**
   * Runs work on a network of this executor; builds one if all are busy.
   *
   * @param blueprint which network
   * @param device what it computes on
   * @param work what to do, in the network's own thread
   * @param task the calling task: when it is killed, the work is cancelled
   * @throws RuntimeException what {@link Devices#failed} makes of a fault of the GPU
   */
  static <T> T run(
      NetworkBlueprint blueprint, Device device, TaskContext task, Function<LocalTrainer, T> work) {
    TrainerThread thread = take(blueprint, device);
    boolean sound = false;
    try {
      T result = thread.run(work, task.cpus(), task::isInterrupted);
      sound = true;
      return result;
    } catch (CudaFault e) {
      throw Devices.failed(device, e);
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
      // Make room for a different network: the others most likely belong to a run that has ended.
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
