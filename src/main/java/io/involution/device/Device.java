package io.involution.device;

import java.io.Serializable;

/**
 * The device that a task computes on.
 *
 * @param gpu the GPU; null for the CPU
 * @param position the GPU's number in this process, which is what ND4J calls it by; 0 for the CPU
 */
public record Device(Gpu gpu, int position) implements Serializable {
  /** The CPU. */
  public static final Device CPU = new Device(null, 0);

  /** Whether it is a GPU. */
  public boolean onGpu() {
    return gpu != null;
  }

  @Override
  public String toString() {
    return onGpu() ? "gpu:" + gpu.index() : "cpu";
  }
}
