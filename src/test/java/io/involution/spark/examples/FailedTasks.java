package io.involution.spark.examples;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks that throw, each of which Spark would try three times more on a cluster. */
public final class FailedTasks extends SparkListener {
  private final JavaSparkContext context;
  private final AtomicInteger count = new AtomicInteger();

  private FailedTasks(JavaSparkContext context) {
    this.context = context;
  }

  /** Starts to count. */
  public static FailedTasks of(JavaSparkContext context) {
    FailedTasks failed = new FailedTasks(context);
    context.sc().addSparkListener(failed);
    return failed;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskInfo().failed()) {
      count.incrementAndGet();
    }
  }

  /** How many there were; the counting ends. */
  public int count() throws Exception {
    context.sc().listenerBus().waitUntilEmpty();
    context.sc().removeSparkListener(this);
    return count.get();
  }
}
