package io.involution.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The values of a launch as the driver reads them: one block, reused by all launches. */
final class LaunchArguments {
  private static final int MOST = 64;

  private final Memory values = new Memory((long) Long.BYTES * MOST);

  /** Where each value is. */
  private final Memory table = new Memory((long) Long.BYTES * MOST);

  LaunchArguments() {
    for (int i = 0; i < MOST; i++) {
      table.setPointer((long) Long.BYTES * i, values.share((long) Long.BYTES * i));
    }
  }

  /**
   * Writes the values.
   *
   * @param arguments Long (an address), Integer, Float or Double
   */
  Pointer of(Kernel kernel, Object[] arguments) {
    if (arguments.length > MOST) {
      throw new IllegalArgumentException(kernel + " has more than " + MOST + " arguments");
    }
    for (int i = 0; i < arguments.length; i++) {
      long at = (long) Long.BYTES * i;
      if (arguments[i] instanceof Long address) {
        values.setLong(at, address);
      } else if (arguments[i] instanceof Integer number) {
        values.setInt(at, number);
      } else if (arguments[i] instanceof Float number) {
        values.setFloat(at, number);
      } else if (arguments[i] instanceof Double number) {
        values.setDouble(at, number);
      } else {
        throw new IllegalArgumentException(
            "argument " + i + " of " + kernel + " is no Long, Integer, Float or Double");
      }
    }
    return table;
  }
}
