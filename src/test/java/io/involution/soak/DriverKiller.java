package io.involution.soak;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Spark plugin by which the driver kills itself with -9 while it broadcasts a model state. At the
 * other points {@link ExecutorKiller} kills it, where driver and workers are one JVM.
 */
public final class DriverKiller implements SparkPlugin {
  /** The name of its mark. */
  static final String MARK = "driver-broadcast";

  private static final String CALLER = "io.involution.spark.SparkWorkers";
  private static final String CALLEE = "org.apache.spark.broadcast.TorrentBroadcast";

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return null;
  }

  private static final class Driver implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      Marks marks = new Marks(Path.of(plugin.conf().get(Marks.SETTING)));
      if (!marks.isSet(MARK)) {
        Process killer = Kill.prepare();
        Thread main = Thread.currentThread();
        Thread watcher = new Thread(() -> watch(main, marks, killer), MARK);
        watcher.setDaemon(true);
        watcher.start();
      }
      return Map.of();
    }

    /** The thread that makes the Spark context is the one that trains. */
    private static void watch(Thread main, Marks marks, Process killer) {
      while (true) {
        StackTraceElement[] stack = main.getStackTrace();
        if (calls(stack, CALLER) && calls(stack, CALLEE)) {
          marks.set(MARK, Arrays.toString(stack));
          Kill.now(killer);
        }
        LockSupport.parkNanos(200_000);
      }
    }

    private static boolean calls(StackTraceElement[] stack, String type) {
      return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(type));
    }
  }
}
