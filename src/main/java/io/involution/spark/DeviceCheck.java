package io.involution.spark;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Finds out, before anything is written, whether every task gets the device that it should. */
public final class DeviceCheck {
  private DeviceCheck() {}

  /**
   * Asks one task a worker.
   *
   * @return what each would compute on
   * @throws InputException naming executor, device and fix
   */
  public static List<WorkerDevice> run(JavaSparkContext context, int workers, DeviceChoice choice) {
    List<Integer> tasks = IntStream.range(0, workers).boxed().toList();
    context.setJobDescription("looking at the devices");
    return TaskAnswer.values(
        context.parallelize(tasks, workers).map(task -> look(task, choice)).collect());
  }

  /** What the calling task would compute on. */
  static TaskAnswer<WorkerDevice> look(int worker, DeviceChoice choice) {
    return TaskAnswer.of(
        () -> {
          TaskContext task = TaskContext.get();
          Device device = Devices.ofTask(choice, task);
          List<String> addresses = Devices.addresses(task);
          SparkEnv environment = SparkEnv.get();
          return new WorkerDevice(
              worker,
              environment.executorId(),
              environment.blockManager().blockManagerId().host(),
              device.toString(),
              addresses.isEmpty() ? null : addresses.get(0),
              device.gpu());
        });
  }
}
