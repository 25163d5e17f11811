package io.involution.soak;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Spark plugin that makes executor 0 take twenty seconds more for its first task of a round. */
public final class SlowExecutor implements SparkPlugin {
  /** The mark of a task that was slow. */
  static final String MARK = "slow";

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Executor implements ExecutorPlugin {
    private String executor;
    private Marks marks;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      executor = context.executorID();
      marks = new Marks(Path.of(context.conf().get(Marks.SETTING)));
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      String job = String.valueOf(task.getLocalProperty("spark.job.description"));
      if (executor.equals("0") && job.contains(", round ") && marks.set(MARK, job)) {
        try {
          TimeUnit.SECONDS.sleep(20);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
