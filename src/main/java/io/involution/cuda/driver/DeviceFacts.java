package io.involution.cuda.driver;

/**
 * What a device is.
 *
 * @param ordinal its number in this process, 0 and up
 * @param name the vendor's, such as NVIDIA H100 80GB HBM3; names a MIG slice's size too
 * @param uuid of the device or of the MIG slice: 36 characters, no prefix
 * @param major compute capability before the point
 * @param minor compute capability behind the point
 * @param memoryBytes the device's or slice's memory
 */
public record DeviceFacts(
    int ordinal, String name, String uuid, int major, int minor, long memoryBytes) {

  /** Compute capability, such as 9.0. */
  public String capability() {
    return major + "." + minor;
  }

  /** The identifier that nvidia-smi shows: GPU-... or, for a slice, MIG-... */
  public String identifier() {
    return (name.contains(" MIG ") ? "MIG-" : "GPU-") + uuid;
  }
}
