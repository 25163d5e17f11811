package io.involution.device;

import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Map;

/**
 * ND4J's backends. The backend of a process is determined without loading ND4J: without a GPU, the
 * CUDA backend fails with a message that does not mention the GPU, and if the CPU backend is
 * present too, ND4J silently falls back to it.
 */
public enum Backend {
  /** Computes on the CPU. */
  CPU("org/nd4j/linalg/cpu/nativecpu/CpuBackend.class"),
  /** Computes on NVIDIA's GPUs. */
  CUDA("org/nd4j/linalg/jcublas/JCublasBackend.class");

  private static final String CPU_PRIORITY = "BACKEND_PRIORITY_CPU";
  private static final String GPU_PRIORITY = "BACKEND_PRIORITY_GPU";

  private static volatile boolean hostIsKnown;

  private final String file;

  Backend(String file) {
    this.file = file;
  }

  /**
   * The backend of this process.
   *
   * @throws InputException when there is no backend, or two without a setting that chooses between
   *     them, or none for this host
   */
  public static Backend here() {
    if (!hostIsKnown) {
      // Every task asks for its backend; the host stays the same.
      HostPlatform.here().require();
      hostIsKnown = true;
    }
    return choose(CPU.isOnClassPath(), CUDA.isOnClassPath(), System.getenv());
  }

  static Backend choose(boolean cpu, boolean cuda, Map<String, String> environment) {
    if (!cpu && !cuda) {
      throw new InputException(
          "the job jar contains no backend of ND4J: build it with mvn package, with -Pcuda for"
              + " GPUs");
    }
    if (!cpu || !cuda) {
      return cpu ? CPU : CUDA;
    }
    // ND4J's own rule: the higher number is tried first, and only the environment has it.
    int ofCpu = priority(environment, CPU_PRIORITY, 0);
    int ofGpu = priority(environment, GPU_PRIORITY, 100);
    boolean decided =
        environment.containsKey(CPU_PRIORITY) || environment.containsKey(GPU_PRIORITY);
    if (!decided || ofCpu == ofGpu) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "ND4J's backends for CPU and GPU are both on the class path, and ND4J would choose"
                  + " silently: remove one, or set %s or %s in the environment of driver and"
                  + " executors",
              CPU_PRIORITY,
              GPU_PRIORITY));
    }
    return ofCpu > ofGpu ? CPU : CUDA;
  }

  private static int priority(Map<String, String> environment, String variable, int otherwise) {
    String value = environment.getOrDefault(variable, "");
    try {
      return value.isEmpty() ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new InputException(variable + " is '" + value + "': give it a number", e);
    }
  }

  private boolean isOnClassPath() {
    return Backend.class.getClassLoader().getResource(file) != null;
  }
}
