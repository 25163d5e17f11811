package io.involution.compute;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.slf4j.LoggerFactory;

/**
 * The environment that native libraries see. They read their choices from it when they load; Java
 * cannot write there, the C library can.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * Sets a variable for libraries that load later.
   *
   * @param variable its name
   * @param value its value
   * @param otherwise the consequence where it cannot be set, for the warning
   */
  public static void set(String variable, String value, String otherwise) {
    try {
      Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
          .invokeInt(new Object[] {variable, value, 1});
    } catch (LinkageError | RuntimeException e) {
      LoggerFactory.getLogger(NativeEnvironment.class)
          .warn(
              "{} could not be set: {}; set {}={} yourself",
              variable,
              otherwise,
              variable,
              value,
              e);
    }
  }
}
