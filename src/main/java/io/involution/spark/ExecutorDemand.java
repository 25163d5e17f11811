package io.involution.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tasks that only wait. Dynamic allocation adds executors only for tasks that exist: without these,
 * waiting for task slots would never end.
 */
final class ExecutorDemand {
  private static final long POLL_MILLIS = 100;

  private final Runnable cancel;

  private ExecutorDemand(Runnable cancel) {
    this.cancel = cancel;
  }

  /** No tasks, for clusters whose executors start without them. */
  static ExecutorDemand none() {
    return new ExecutorDemand(() -> {});
  }

  /** Starts a number of tasks. */
  static ExecutorDemand of(JavaSparkContext context, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    context.setJobDescription("waiting for task slots");
    JavaFutureAction<Void> job =
        context.parallelize(numbers, tasks).foreachAsync(ExecutorDemand::hold);
    return new ExecutorDemand(() -> job.cancel(true));
  }

  private static void hold(Integer task) throws InterruptedException {
    TaskContext context = TaskContext.get();
    while (!context.isInterrupted()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Ends the tasks. */
  void end() {
    cancel.run();
  }
}
