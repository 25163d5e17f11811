package io.involution.spark;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Finds out, before anything is written, whether every task gets the device that it should. */
public final class DeviceCheck {
  private DeviceCheck() {}

  /** What one task found: its device, or the line that says what is wrong. */
  private record Finding(String device, String fault) implements Serializable {}

  /**
   * Asks one task a worker.
   *
   * @return what each would compute on
   * @throws InputException naming executor, device and fix
   */
  public static List<String> run(JavaSparkContext context, int workers, DeviceChoice choice) {
    List<Integer> tasks = IntStream.range(0, workers).boxed().toList();
    List<Finding> findings =
        context.parallelize(tasks, workers).map(task -> look(choice)).collect();
    for (Finding finding : findings) {
      if (finding.fault() != null) {
        throw new InputException(finding.fault());
      }
    }
    return findings.stream().map(Finding::device).toList();
  }

  private static Finding look(DeviceChoice choice) {
    try {
      return new Finding(Devices.ofTask(choice, TaskContext.get()).toString(), null);
    } catch (InputException e) {
      return new Finding(null, e.getMessage());
    }
  }
}
