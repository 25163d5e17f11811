package io.involution.spark;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import java.util.List;
import java.util.stream.IntStream;
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
  public static List<String> run(JavaSparkContext context, int workers, DeviceChoice choice) {
    List<Integer> tasks = IntStream.range(0, workers).boxed().toList();
    return TaskAnswer.values(
        context.parallelize(tasks, workers).map(task -> look(choice)).collect());
  }

  private static TaskAnswer<String> look(DeviceChoice choice) {
    return TaskAnswer.of(() -> Devices.ofTask(choice, TaskContext.get()).toString());
  }
}
