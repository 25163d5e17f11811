package io.involution.spark;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import io.involution.layers.NativeThreads;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;

/** Decides what a task computes on: never a silent fall-back from a GPU to the CPU. */
final class Devices {
  private Devices() {}

  /** The device of the calling task. */
  static Device ofTask(DeviceChoice choice, TaskContext task) {
    NativeThreads.useOne();
    ResourceInformation gpus = task.resourcesJMap().get("gpu");
    List<String> addresses = gpus == null ? List.of() : List.of(gpus.addresses());
    boolean backendIsCpu = Nd4j.getEnvironment().isCPU();
    return choose(choice, addresses, backendIsCpu, SparkEnv.get().executorId());
  }

  /**
   * The decision itself.
   *
   * @param choice what the user asked for
   * @param addresses the GPUs that Spark assigned to the task
   * @param backendIsCpu whether the job jar's ND4J computes on the CPU
   * @param executor the executor's id, for the error line
   * @throws InputException when choice, assignment and jar do not go together
   */
  static Device choose(
      DeviceChoice choice, List<String> addresses, boolean backendIsCpu, String executor) {
    if (choice == DeviceChoice.CPU && !backendIsCpu) {
      throw new InputException(
          "--device cpu, but the job jar computes on GPUs: use the jar that is built without -Pcuda");
    }
    if (choice == DeviceChoice.GPU && addresses.isEmpty()) {
      throw new InputException(
          "--device gpu, but Spark gave the task on executor "
              + executor
              + " no GPU: add --gpus-per-executor 1, or use --device cpu");
    }
    if (choice != DeviceChoice.CPU && !addresses.isEmpty() && backendIsCpu) {
      throw new InputException(
          "Spark gave the task on executor "
              + executor
              + " a GPU, but the job jar computes on the CPU: build it with -Pcuda, or use --device cpu");
    }
    if (choice == DeviceChoice.AUTO && addresses.isEmpty() && !backendIsCpu) {
      throw new InputException(
          "the job jar computes on GPUs, but Spark gave the task on executor "
              + executor
              + " none: add --gpus-per-executor 1");
    }
    return backendIsCpu ? Device.CPU : new Device(true, index(addresses.get(0)));
  }

  private static int index(String address) {
    try {
      return Integer.parseInt(address);
    } catch (NumberFormatException e) {
      throw new InputException(
          "GPU address '" + address + "' is no number: correct the discovery script", e);
    }
  }
}
