package io.involution.spark.device;

import io.involution.cuda.driver.CudaFault;
import io.involution.device.Gpu;
import io.involution.failure.InputException;
import java.util.Locale;

/** What a refusal of NVIDIA's driver means for a task, in one line that says what to do. */
final class GpuFaults {
  private GpuFaults() {}

  /**
   * The exception that ends a task.
   *
   * @param place the name of the process
   * @param gpu the task's GPU
   * @param fault what the driver said
   * @return an {@link InputException} where somebody has to mend something
   * @throws GpuLostError when the GPU is lost to an executor, which then ends
   */
  static RuntimeException of(String place, Gpu gpu, CudaFault fault) {
    String line = line(place, gpu, fault);
    if (fault.kind() != CudaFault.Kind.DEVICE_LOST) {
      return new InputException(line, fault);
    }
    if (place.startsWith("executor ")) {
      throw new GpuLostError(line, fault);
    }
    // In one JVM the driver would end, and nobody would be told.
    return new IllegalStateException(line, fault);
  }

  /** The line. */
  static String line(String place, Gpu gpu, CudaFault fault) {
    return String.format(
        Locale.ROOT,
        "%s %s %s (%s): %s",
        place,
        fault.kind() == CudaFault.Kind.DEVICE_LOST ? "has lost" : "cannot use",
        gpu.shown(),
        fault.getMessage().replaceAll("\\s+", " "),
        fix(fault.kind()));
  }

  private static String fix(CudaFault.Kind kind) {
    return switch (kind) {
      case OUT_OF_MEMORY ->
          "lower --batch-size, or let fewer tasks share a GPU (spark.task.resource.gpu.amount)";
      case DEVICE_LOST -> "look for its Xid in that host's kernel log (dmesg)";
      case DRIVER_TOO_OLD -> "install NVIDIA's driver 510 or newer there";
      case DEVICE_TOO_OLD ->
          "take a GPU of compute capability 7.5 or newer, or --gpu-engine nd4j with the job jar"
              + " that -Pcuda builds";
      case NO_DEVICE -> "see that the process may use it (CUDA_VISIBLE_DEVICES, the container)";
      case LIBRARY_MISSING ->
          "install NVIDIA's driver there, or let the container have its library, or use --device"
              + " cpu";
      case REFUSED -> "take another GPU, or use --device cpu";
    };
  }
}
