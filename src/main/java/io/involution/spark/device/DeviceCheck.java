package io.involution.spark.device;

import io.involution.config.DeviceChoice;
import io.involution.device.Device;
import io.involution.failure.InputException;
import io.involution.spark.TaskAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Checks, before anything is written, that every task gets the device that it should. */
public final class DeviceCheck {
  private DeviceCheck() {}

  /**
   * Asks one task per worker.
   *
   * @return the device of each worker
   * @throws InputException naming executor, device and fix
   */
  public static List<WorkerDevice> run(JavaSparkContext context, int workers, DeviceChoice choice) {
    List<Integer> tasks = IntStream.range(0, workers).boxed().toList();
    context.setJobDescription("checking the devices");
    return distinct(
        TaskAnswer.values(
            context.parallelize(tasks, workers).map(task -> look(task, choice)).collect()));
  }

  /** If YARN does not isolate GPUs, every executor of a host finds all of them. */
  static List<WorkerDevice> distinct(List<WorkerDevice> devices) {
    Map<String, WorkerDevice> owners = new HashMap<>();
    for (WorkerDevice device : devices) {
      WorkerDevice owner =
          device.gpu() == null ? null : owners.putIfAbsent(device.gpu().uuid(), device);
      if (owner != null && !owner.executor().equals(device.executor())) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "executors %s and %s on %s have the same GPU %s: isolate GPUs on the cluster, or"
                    + " use one executor per host",
                owner.executor(),
                device.executor(),
                device.host(),
                device.gpu().uuid()));
      }
    }
    return devices;
  }

  /** The device of the calling task. */
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
              device.engine().word(),
              addresses.isEmpty() ? null : addresses.get(0),
              device.gpu());
        });
  }
}
