package io.involution.spark;

import java.io.Serializable;

/**
 * What a task computes on.
 *
 * @param gpu whether it is a GPU
 * @param index the GPU's index on its host, 0 for the CPU
 */
record Device(boolean gpu, int index) implements Serializable {
  /** The CPU. */
  static final Device CPU = new Device(false, 0);

  @Override
  public String toString() {
    return gpu ? "gpu:" + index : "cpu";
  }
}
