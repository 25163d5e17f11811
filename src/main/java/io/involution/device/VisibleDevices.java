package io.involution.device;

import java.util.OptionalInt;

/**
 * Maps a GPU's number on its host to its number in a process. They are the same unless
 * CUDA_VISIBLE_DEVICES lists the GPUs that the process sees: CUDA then counts along that list.
 */
public final class VisibleDevices {
  /** The variable with the list. */
  public static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

  private VisibleDevices() {}

  /**
   * The GPU's number in a process.
   *
   * @param gpu the GPU
   * @param visible the variable's value; null if it is not set
   * @return empty if the process does not see the GPU
   */
  public static OptionalInt position(Gpu gpu, String visible) {
    if (visible == null) {
      return OptionalInt.of(gpu.index());
    }
    String[] names = visible.split(",", -1);
    for (int position = 0; position < names.length; position++) {
      String name = names[position].strip();
      if (name.matches("\\d{1,4}") ? Integer.parseInt(name) == gpu.index() : isUuid(name, gpu)) {
        return OptionalInt.of(position);
      }
      // CUDA stops at the first invalid name.
      if (!name.matches("\\d{1,4}|GPU-.+|MIG-.+")) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }

  /** CUDA accepts the beginning of a UUID. */
  private static boolean isUuid(String name, Gpu gpu) {
    return name.startsWith("GPU-") && name.length() > 4 && gpu.uuid().startsWith(name);
  }
}
