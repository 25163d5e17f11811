package io.involution.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.bytedeco.javacpp.Pointer;

/** The memory of this JVM and of the GPUs that Spark gave it. */
public final class ExecutorMemory {
  private static volatile boolean started;

  private final List<String> labels;
  private final GpuMemory gpus;

  private ExecutorMemory(List<String> labels, GpuMemory gpus) {
    this.labels = labels;
    this.gpus = gpus;
  }

  /** A worker of this JVM has loaded the native libraries: reading a metric must not load them. */
  public static void started() {
    started = true;
  }

  /** The memory of the executor, or of the driver where that is one. */
  static ExecutorMemory of(PluginContext context, String host) {
    ResourceInformation gpus = context.resources().get("gpu");
    return new ExecutorMemory(
        List.of("executor", context.executorID(), "host", host),
        GpuMemory.of(gpus == null ? List.of() : List.of(gpus.addresses())));
  }

  /**
   * The values as they are sent, by the metric's name and its labels. Types of the JDK: the driver
   * needs none of our classes to read the message.
   */
  Map<List<String>, Double> read() {
    Map<List<String>, Double> values = new HashMap<>();
    if (started) {
      values.put(
          key(Metric.EXECUTOR_RESIDENT_MEMORY_BYTES, labels), (double) Pointer.physicalBytes());
      values.put(key(Metric.EXECUTOR_OFF_HEAP_BYTES, labels), (double) Pointer.totalBytes());
    }
    gpus.read()
        .forEach(
            (address, memory) -> {
              values.put(key(Metric.GPU_MEMORY_USED_BYTES, labels, "gpu", address), memory.used());
              values.put(key(Metric.GPU_MEMORY_SIZE_BYTES, labels, "gpu", address), memory.size());
            });
    return values;
  }

  private static List<String> key(Metric metric, List<String> labels, String... more) {
    List<String> words = new ArrayList<>();
    words.add(metric.name());
    words.addAll(labels);
    words.addAll(List.of(more));
    return List.copyOf(words);
  }

  /** Adds a value that was sent. */
  static void write(List<?> key, double value, Exposition exposition) {
    List<String> words = key.stream().map(String.class::cast).toList();
    exposition.add(Metric.valueOf(words.get(0)), value, words.subList(1, words.size()));
  }
}
