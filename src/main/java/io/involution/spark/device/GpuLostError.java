package io.involution.spark.device;

/**
 * The executor can compute on its GPU no more: every further call of the driver fails in this
 * process. Spark reports the failure of a task that throws a fatal error, ends the executor and
 * starts a new one; a plain exception would let it fail task after task.
 */
public final class GpuLostError extends VirtualMachineError {
  private static final long serialVersionUID = 1L;

  GpuLostError(String message, Throwable cause) {
    super(message, cause);
  }
}
