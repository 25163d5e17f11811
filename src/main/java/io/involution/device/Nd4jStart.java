package io.involution.device;

import io.involution.compute.NativeThreads;
import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;

/** Loads ND4J and its native library: failures are reported in one line. */
public final class Nd4jStart {
  private Nd4jStart() {}

  /**
   * Loads ND4J, once per process.
   *
   * @param backend the backend that is expected
   * @param place the name of the process, for error messages
   */
  public static void load(Backend backend, String place) {
    boolean cpu;
    try {
      NativeThreads.useOne();
      cpu = Nd4j.getEnvironment().isCPU();
    } catch (LinkageError | RuntimeException e) {
      throw new InputException(
          String.format(
              Locale.ROOT, "ND4J does not load on %s (%s): %s", place, reason(e), fix(backend)),
          e);
    }
    if (cpu != (backend == Backend.CPU)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "ND4J on %s computes on the %s, and not on the %s: remove the other backend's jar",
              place,
              cpu ? "CPU" : "GPU",
              cpu ? "GPU" : "CPU"));
    }
  }

  private static String fix(Backend backend) {
    return backend == Backend.CPU
        ? "it needs Linux on x86_64 and a folder for its library where programs may run: give"
            + " -Dorg.bytedeco.javacpp.cachedir=FOLDER to driver and executors"
        : "install the libraries of CUDA 11.6, or submit with --packages"
            + " org.bytedeco:cuda-platform-redist:11.6-8.3-1.5.7";
  }

  /** The root cause; the exceptions around it only say that a class could not be initialized. */
  private static String reason(Throwable failure) {
    return Places.reason(Causes.root(failure));
  }
}
