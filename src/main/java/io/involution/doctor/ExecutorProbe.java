package io.involution.doctor;

import io.involution.compute.NativeThreads;
import io.involution.config.DeviceChoice;
import io.involution.data.ExampleSource;
import io.involution.data.LimitedSource;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.device.JvmFacts;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.spark.TaskAnswer;
import io.involution.spark.device.DeviceCheck;
import io.involution.spark.device.Devices;
import io.involution.spark.device.OwnGpus;
import io.involution.spark.device.WorkerDevice;
import io.involution.spark.examples.ClusterExamples;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Runs a task in every task slot that inspects its executor. */
final class ExecutorProbe {
  private final JavaSparkContext context;
  private final DeviceChoice choice;
  private final Optional<ExampleSource> source;

  /**
   * Prepares the tasks.
   *
   * @param context the cluster
   * @param choice the device that the user chose
   * @param source the data, of which each task tries to read one example
   */
  ExecutorProbe(JavaSparkContext context, DeviceChoice choice, Optional<ExampleSource> source) {
    this.context = context;
    this.choice = choice;
    // What the executors have decoded already, they need not try to read.
    this.source = source.filter(data -> !(LimitedSource.whole(data) instanceof ClusterExamples));
  }

  /**
   * Runs as many tasks as there are slots; they start together, so that each slot gets one.
   *
   * @param limit maximum time to wait for their answers
   * @throws InputException if a task fails, or not all of them answer in time
   */
  List<ExecutorFacts> run(int slots, Duration limit) {
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    // A value of its own: this class is not serializable.
    Task task = new Task(choice, source.orElse(null), hadoop);
    List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
    context.setJobDescription("inspecting the executors");
    JavaFutureAction<List<ExecutorFacts>> answers =
        context.parallelize(numbers, slots).map(task::look).collectAsync();
    try {
      return answers.get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      answers.cancel(true);
      throw new InputException(
          String.format(
              Locale.ROOT,
              "not all of %d task slots answered within %d s: see the executors' logs",
              slots,
              limit.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a task failed on its executor (%s): see the executors' logs",
              Places.reason(e.getCause())),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What is sent to the executors. */
  private record Task(
      DeviceChoice choice, ExampleSource source, Broadcast<SerializableConfiguration> hadoop)
      implements java.io.Serializable {

    ExecutorFacts look(int number) {
      SparkEnv environment = SparkEnv.get();
      JvmFacts jvm = JvmFacts.here();
      TaskAnswer<WorkerDevice> device = DeviceCheck.look(number, choice);
      boolean cpu = device.value() != null && !device.value().onGpu();
      TaskAnswer<List<String>> bits = TaskAnswer.of(() -> otherBits(device.value()));
      return new ExecutorFacts(
          environment.executorId(),
          environment.blockManager().blockManagerId().host(),
          jvm,
          device.value(),
          bits.fault() == null ? device.fault() : bits.fault(),
          bits.value() == null ? List.of() : bits.value(),
          cpu ? NativeThreads.ofBlas() : 0,
          source == null ? null : dataFault());
    }

    private List<String> otherBits(WorkerDevice device) {
      return device != null && device.compilesKernels()
          ? OwnGpus.otherBits(Devices.ofTask(choice, TaskContext.get()))
          : List.of();
    }

    /** Why no example can be read here, even if it may pass; null if one can. */
    private String dataFault() {
      try {
        source.read(Subset.TEST, new ShardRange(0, 1), hadoop.value().value());
        return null;
      } catch (InputException | RunFailedException e) {
        return e.getMessage();
      }
    }
  }
}
