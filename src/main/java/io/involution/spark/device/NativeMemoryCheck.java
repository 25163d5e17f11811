package io.involution.spark.device;

import io.involution.data.ImageShape;
import io.involution.device.NativeLimits;
import io.involution.failure.InputException;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.ClusterSession;
import io.involution.spark.TaskAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;

/**
 * Checks, before anything is written, that the tasks may take the memory that they cannot do
 * without.
 */
public final class NativeMemoryCheck {
  private static final long MIB = 1 << 20;

  private NativeMemoryCheck() {}

  /**
   * Asks one task per worker.
   *
   * @param session the cluster
   * @param workers number of workers
   * @param slots tasks that run at once
   * @param bytes what a task needs outside the heap
   * @return bytes that an executor needs for its tasks, at least
   * @throws InputException naming the executor, the setting that is too low, and the fix
   */
  public static long run(ClusterSession session, int workers, int slots, long bytes) {
    int tasks = tasksOfAnExecutor(Math.min(workers, slots), executors(session));
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    session.context().setJobDescription("checking the memory");
    TaskAnswer.values(
        session.context().parallelize(numbers, workers).map(task -> look(tasks, bytes)).collect());
    return tasks * bytes;
  }

  /**
   * Refuses minibatches with arrays that are too long for the layers on the CPU.
   *
   * @param network the network
   * @param image the shape of its images
   * @param examples of a worker's minibatch
   * @throws InputException naming the network, the most examples, and the fix
   */
  public static void requireMinibatch(NetworkBlueprint network, ImageShape image, int examples) {
    int most = NativeMemory.most(network, image);
    if (examples > most) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the %s network takes at most %,d images of %dx%d at a time on the CPU, not %,d: use"
                  + " a smaller --batch-size (or --batch-size-per-worker), or more --workers",
              network.label(),
              most,
              image.height(),
              image.width(),
              examples));
    }
  }

  private static int executors(ClusterSession session) {
    // The driver is one of them.
    int infos = session.context().sc().statusTracker().getExecutorInfos().length;
    return session.isLocal() ? 1 : Math.max(1, infos - 1);
  }

  /** One executor has at least so many tasks at a time, however Spark distributes them. */
  static int tasksOfAnExecutor(int tasks, int executors) {
    return Math.max(1, (tasks + executors - 1) / executors);
  }

  private static TaskAnswer<Boolean> look(int tasks, long bytes) {
    return TaskAnswer.of(
        () -> {
          require(NativeLimits.here(), tasks, bytes, SparkEnv.get().executorId());
          return true;
        });
  }

  /** Refuses limits that are too low for so many tasks at a time. */
  static void require(NativeLimits limits, int tasks, long bytes, String executor) {
    Optional<String> low = limits.tooLow(tasks * bytes);
    if (low.isPresent()) {
      boolean driver = executor.equals("driver");
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s needs at least %,d MiB of memory outside the heap for %s at a time,"
                  + " which %s does not allow: raise it in spark.%s.extraJavaOptions together with"
                  + " memoryOverhead, or lower --batch-size or the tasks of an executor",
              driver ? "the driver" : "executor " + executor,
              (tasks * bytes + MIB - 1) / MIB,
              tasks == 1 ? "1 task" : tasks + " tasks",
              low.get(),
              driver ? "driver" : "executor"));
    }
  }
}
