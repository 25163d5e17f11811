package io.involution.spark;

import io.involution.failure.Causes;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
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

  private final Optional<JavaFutureAction<Void>> job;

  private ExecutorDemand(Optional<JavaFutureAction<Void>> job) {
    this.job = job;
  }

  /** No tasks, for clusters whose executors start without them. */
  static ExecutorDemand none() {
    return new ExecutorDemand(Optional.empty());
  }

  /** Starts a number of tasks. */
  static ExecutorDemand of(JavaSparkContext context, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    context.setJobDescription("waiting for task slots");
    JavaFutureAction<Void> job =
        context.parallelize(numbers, tasks).foreachAsync(ExecutorDemand::hold);
    return new ExecutorDemand(Optional.of(job));
  }

  private static void hold(Integer task) throws InterruptedException {
    TaskContext context = TaskContext.get();
    while (!context.isInterrupted()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Whoever waits for the tasks need not go on once they have ended by themselves.
   *
   * @throws RunFailedException why they did
   */
  void check() {
    if (job.isPresent() && job.get().isDone()) {
      try {
        job.get().get();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        throw new RunFailedException(
            "Spark runs no task: " + Places.reason(Causes.root(e)) + ": correct its settings", e);
      }
    }
  }

  /** Ends the tasks. */
  void end() {
    job.ifPresent(tasks -> tasks.cancel(true));
  }
}
