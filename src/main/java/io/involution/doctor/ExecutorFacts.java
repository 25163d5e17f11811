package io.involution.doctor;

import io.involution.device.JvmFacts;
import io.involution.spark.device.WorkerDevice;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What a task found on its executor.
 *
 * @param executor the executor's id
 * @param host its host
 * @param jvm its JVM and hardware
 * @param device what the task would compute on; null if there is a fault
 * @param deviceFault the error that a run would end with there; null if there is none
 * @param otherBits the short trainings whose results on its GPU are not those that every GPU gives;
 *     empty without a GPU, or with ND4J's engine
 * @param blasThreads threads of OpenBLAS; 0 if the task computes on a GPU
 * @param dataFault why it cannot read the data; null if it can, or if there is none
 */
record ExecutorFacts(
    String executor,
    String host,
    JvmFacts jvm,
    WorkerDevice device,
    String deviceFault,
    List<String> otherBits,
    int blasThreads,
    String dataFault)
    implements Serializable {

  /** Whether the job's own kernels run there. */
  boolean compilesKernels() {
    return device != null && deviceFault == null && device.compilesKernels();
  }

  /** The executor's name in tables. */
  String place() {
    return executor.equals("driver")
        ? "driver"
        : String.format(Locale.ROOT, "executor %s on %s", executor, host);
  }
}
