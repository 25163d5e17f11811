package io.involution.doctor;

import io.involution.device.JvmFacts;
import io.involution.spark.device.WorkerDevice;
import java.io.Serializable;

/**
 * What a task has found on its executor.
 *
 * @param executor the executor's id
 * @param host its host
 * @param jvm what it is
 * @param device what the task would compute on; null with a fault
 * @param deviceFault the line with which a run would be refused there; null without a fault
 * @param blasThreads threads of OpenBLAS; 0 where the CPU does not compute
 * @param dataFault why it cannot read the data; null where it can, or there is none to read
 */
public record ExecutorFacts(
    String executor,
    String host,
    JvmFacts jvm,
    WorkerDevice device,
    String deviceFault,
    int blasThreads,
    String dataFault)
    implements Serializable {

  /** How tables name it. */
  public String place() {
    return executor.equals("driver") ? "driver" : "executor %s on %s".formatted(executor, host);
  }
}
