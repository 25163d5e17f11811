package io.involution.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.involution.train.WorkerReport;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.javacpp.Pointer;

/**
 * The total work of the workers in this JVM, whether or not their updates entered an average. Tasks
 * update a few fields per round; Spark's plugin, which Spark creates, reads them. The two share
 * only the JVM.
 */
public final class WorkerMetrics {
  private static final WorkerMetrics HERE = new WorkerMetrics();

  private final LongAdder rounds = new LongAdder();
  private final LongAdder steps = new LongAdder();
  private final LongAdder examples = new LongAdder();
  private final DoubleAdder receive = new DoubleAdder();
  private final DoubleAdder load = new DoubleAdder();
  private final DoubleAdder step = new DoubleAdder();
  private final DoubleAdder extract = new DoubleAdder();
  private volatile double loss = Double.NaN;
  private volatile double examplesPerSecond = Double.NaN;

  WorkerMetrics() {}

  /** The metrics of this JVM. */
  public static WorkerMetrics here() {
    return HERE;
  }

  /**
   * Counts a round.
   *
   * @param report the worker's report
   * @param localSteps number of local steps that it took
   */
  public void roundEnded(WorkerReport report, int localSteps) {
    rounds.increment();
    steps.add(localSteps);
    examples.add(report.examples());
    receive.add(report.seconds().receive());
    load.add(report.seconds().load());
    step.add(report.seconds().steps());
    extract.add(report.seconds().extract());
    loss = report.lossSum() / report.examples();
    examplesPerSecond = report.examples() / report.seconds().total();
  }

  /** Registers the metrics. */
  void register(MetricRegistry registry) {
    gauge(registry, "rounds", rounds::doubleValue);
    gauge(registry, "local_steps", steps::doubleValue);
    gauge(registry, "examples", examples::doubleValue);
    gauge(registry, "receive_seconds", receive::sum);
    gauge(registry, "load_seconds", load::sum);
    gauge(registry, "step_seconds", step::sum);
    gauge(registry, "extract_seconds", extract::sum);
    gauge(registry, "round_loss", () -> loss);
    gauge(registry, "examples_per_second", () -> examplesPerSecond);
    // Only after a worker has loaded the native libraries: reading a metric must not load them.
    gauge(registry, "off_heap_bytes", () -> started() ? (double) Pointer.totalBytes() : 0.0);
    gauge(registry, "process_bytes", () -> started() ? (double) Pointer.physicalBytes() : 0.0);
  }

  private boolean started() {
    return rounds.sum() > 0;
  }

  private static void gauge(MetricRegistry registry, String name, Gauge<Double> value) {
    registry.register("worker." + name, value);
  }
}
