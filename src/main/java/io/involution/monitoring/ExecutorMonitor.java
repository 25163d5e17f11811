package io.involution.monitoring;

import io.involution.compute.CrashDumps;
import io.involution.compute.DaemonThreads;
import io.involution.compute.NativeFolders;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin on an executor: sends its memory to the driver every few seconds, which shows it. */
final class ExecutorMonitor implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorMonitor.class);
  private static final long SEND_SECONDS = 2;

  /** Spark's ID of an executor that runs in the driver's JVM. */
  private static final String DRIVER = "driver";

  private ScheduledExecutorService sender;

  @Override
  public void init(PluginContext context, Map<String, String> extra) {
    NativeFolders.prepare();
    CrashDumps.off();
    if (!context.executorID().equals(DRIVER)) {
      MonitoringPlugin.tryTo(() -> begin(context));
    }
  }

  private void begin(PluginContext context) {
    if (MetricsAddress.of(context.conf()).isPresent()) {
      ExecutorMemory memory = ExecutorMemory.of(context, host());
      sender = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("metrics-to-driver"));
      var unused =
          sender.scheduleWithFixedDelay(
              () -> send(context, memory), SEND_SECONDS, SEND_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** The context of an executor cannot tell it: an executor listens to nobody. */
  private static String host() {
    return SparkEnv.get().blockManager().blockManagerId().host();
  }

  private static void send(PluginContext context, ExecutorMemory memory) {
    try {
      context.send(memory.read());
    } catch (IOException | RuntimeException e) {
      LOG.debug("the driver was not sent this executor's metrics", e);
    }
  }

  @Override
  public void shutdown() {
    if (sender != null) {
      sender.shutdownNow();
    }
  }
}
