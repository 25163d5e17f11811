package io.involution.spark;

import io.involution.host.Gpu;
import java.io.Serializable;

/**
 * What a task computes on.
 *
 * @param gpu the GPU; null for the CPU
 * @param position the GPU's number in this process, which is what ND4J calls it by; 0 for the CPU
 */
record Device(Gpu gpu, int position) implements Serializable {
  /** The CPU. */
  static final Device CPU = new Device(null, 0);

  boolean onGpu() {
    return gpu != null;
  }

  @Override
  public String toString() {
    return onGpu() ? "gpu:" + gpu.index() : "cpu";
  }
}
