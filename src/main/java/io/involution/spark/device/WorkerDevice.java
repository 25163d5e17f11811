package io.involution.spark.device;

import io.involution.config.Precision;
import io.involution.device.Device;
import io.involution.device.Gpu;
import io.involution.failure.InputException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A worker's device at the start of a run, for the run's record.
 *
 * @param worker from 0
 * @param executor the executor's id
 * @param host the executor's host
 * @param device {@code cpu}, or {@code gpu:} followed by the GPU's number on the host
 * @param engine what computes on it: {@code nd4j} or {@code own}
 * @param gpuAddress the GPU that Spark assigned to the task, used or not; null without one
 * @param gpu the GPU in use; null for the CPU
 */
public record WorkerDevice(
    int worker,
    String executor,
    String host,
    String device,
    String engine,
    String gpuAddress,
    Gpu gpu)
    implements Serializable {

  /** The kinds of some workers' devices, each once and in order. */
  public static SortedSet<String> kinds(List<WorkerDevice> devices) {
    return devices.stream().map(WorkerDevice::kind).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether it is a GPU. */
  public boolean onGpu() {
    return gpu != null;
  }

  /** Whether NVIDIA's driver compiles the job's own kernels for it. */
  public boolean compilesKernels() {
    return onGpu() && engine.equals(Device.Engine.OWN.word());
  }

  /**
   * Checks that the device computes with a precision.
   *
   * @throws InputException naming the executor or its GPU when it does not
   */
  public void require(Precision precision) {
    if (precision == Precision.FLOAT32) {
      return;
    }
    String why =
        compilesKernels()
            ? tooOld(precision)
            : "worker " + worker + " on " + host + " computes on " + kind();
    if (!why.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--precision %s is for GPUs of compute capability 8.0 or newer by the job's own"
                  + " kernels, and %s: give the tasks such GPUs (--gpus-per-executor 1), or leave"
                  + " --precision out",
              precision.word(),
              why));
    }
  }

  private String tooOld(Precision precision) {
    return gpu.capability() < precision.leastCapability()
        ? "executor " + executor + " on " + host + " has " + gpu.shown()
        : "";
  }

  /** What decides the bits: {@code cpu}, {@code gpu own} or {@code gpu nd4j}. */
  public String kind() {
    return onGpu() ? "gpu " + engine : "cpu";
  }
}
