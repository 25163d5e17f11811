package io.involution.soak;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Spark plugin by which executors kill themselves with -9 at the points of the run's plan. */
public final class ExecutorKiller implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Executor implements ExecutorPlugin {
    private static final ThreadLocal<Due> DUE = new ThreadLocal<>();
    private List<KillPlan> plans;
    private Marks marks;
    private Process killer;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      SparkConf conf = context.conf();
      plans = KillPlan.read(conf.get(KillPlan.SETTING, ""));
      marks = new Marks(Path.of(conf.get(Marks.SETTING)));
      killer = Kill.prepare();
    }

    @Override
    public void onTaskStart() {
      String job = String.valueOf(TaskContext.get().getLocalProperty("spark.job.description"));
      KillPlan.next(plans, job, marks)
          .ifPresent(
              plan -> {
                Due now = new Due(plan, new AtomicBoolean());
                DUE.set(now);
                if (plan.point().isSeenInStacks()) {
                  watch(now);
                }
              });
    }

    @Override
    public void onTaskSucceeded() {
      Due now = DUE.get();
      if (now != null && now.plan().point() == KillPoint.UPDATE) {
        kill(now.plan(), "task " + TaskContext.getPartitionId() + " has succeeded");
      }
      end();
    }

    @Override
    public void onTaskFailed(TaskFailedReason reason) {
      end();
    }

    private void end() {
      Due now = DUE.get();
      if (now != null) {
        now.ended().set(true);
        DUE.remove();
      }
    }

    private void watch(Due now) {
      Thread watcher =
          new Thread(
              () -> {
                while (!now.ended().get() && !marks.isSet(now.plan().point().word())) {
                  Thread.getAllStackTraces().values().stream()
                      .filter(now.plan().point()::isIn)
                      .findFirst()
                      .ifPresent(stack -> kill(now.plan(), Arrays.toString(stack)));
                }
              },
              "watch-" + now.plan().point().word());
      watcher.setDaemon(true);
      watcher.start();
    }

    private void kill(KillPlan plan, String evidence) {
      if (marks.set(plan.point().word(), plan.job() + "\n" + evidence)) {
        Kill.now(killer);
      }
    }
  }

  /** What a running task has before it. */
  private record Due(KillPlan plan, AtomicBoolean ended) {}
}
