package io.involution.device;

import java.io.Serializable;
import java.util.Locale;

/**
 * A GPU as nvidia-smi describes it.
 *
 * @param index its number on the host, or in the container
 * @param uuid its unique ID
 * @param name the product's name
 * @param computeCapability such as {@code 8.6}
 * @param driver version of NVIDIA's driver
 * @param memory its memory, with unit
 */
public record Gpu(
    int index, String uuid, String name, String computeCapability, String driver, String memory)
    implements Serializable {

  /**
   * The compute capability times ten, such as 86.
   *
   * @return 0 where nvidia-smi does not say it
   */
  public int capability() {
    String[] parts = computeCapability.split("\\.", -1);
    boolean known = computeCapability.matches("[0-9]{1,3}\\.[0-9]");
    return known ? 10 * Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]) : 0;
  }

  /** A description such as {@code GPU 0 (Tesla V100, compute capability 7.0)}. */
  public String shown() {
    return String.format(
        Locale.ROOT, "GPU %d (%s, compute capability %s)", index, name, computeCapability);
  }
}
