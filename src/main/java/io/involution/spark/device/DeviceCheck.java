package io.involution.spark.device;

import io.involution.config.DeviceChoice;
import io.involution.device.Device;
import io.involution.failure.InputException;
import io.involution.spark.TaskAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    return distinct(
        TaskAnswer.values(
            context.parallelize(tasks, workers).map(task -> look(task, choice)).collect()));
  }

  /** Where YARN does not isolate GPUs, every executor of a host finds all of them. */
  static List<WorkerDevice> distinct(List<WorkerDevice> devices) {
    Map<String, WorkerDevice> owners = new HashMap<>();
    for (WorkerDevice device : devices) {
      WorkerDevice owner =
          device.gpu() == null ? null : owners.putIfAbsent(device.gpu().uuid(), device);
      if (owner != null && !owner.executor().equals(device.executor())) {
        throw new InputException(
            "executors %s and %s on %s have the same GPU %s: isolate GPUs on the cluster, or take one executor a host"
                .formatted(
                    owner.executor(), device.executor(), device.host(), device.gpu().uuid()));
      }
    }
    return devices;
  }

  /** What the calling task would compute on. */
  public static TaskAnswer<WorkerDevice> look(int worker, DeviceChoice choice) {
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
