package io.involution.device;

import io.involution.config.Precision;
import java.io.Serializable;
import java.util.Locale;

/**
 * The device that a task computes on.
 *
 * @param gpu the GPU; null for the CPU
 * @param position the GPU's number in this process; 0 for the CPU
 * @param engine what computes on it
 * @param precision with what numbers it multiplies
 */
public record Device(Gpu gpu, int position, Engine engine, Precision precision)
    implements Serializable {
  /** The CPU. */
  public static final Device CPU = new Device(null, 0, Engine.ND4J);

  /** What computes on a device. */
  public enum Engine {
    /** ND4J, on the CPU or with its CUDA backend. */
    ND4J,
    /** The kernels in the job jar, on GPUs. */
    OWN;

    /** Its name in records and messages, such as {@code own}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A device that computes in float32. */
  public Device(Gpu gpu, int position, Engine engine) {
    this(gpu, position, engine, Precision.FLOAT32);
  }

  /** The same with another precision. */
  public Device with(Precision other) {
    return new Device(gpu, position, engine, other);
  }

  /** Whether it is a GPU. */
  public boolean onGpu() {
    return gpu != null;
  }

  @Override
  public String toString() {
    return onGpu() ? "gpu:" + gpu.index() : "cpu";
  }
}
