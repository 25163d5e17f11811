package io.involution.compute;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.slf4j.LoggerFactory;

/**
 * The environment of native libraries, which read settings from it when they are loaded. Java
 * cannot change it, but the C library can.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * Sets a variable for libraries that are loaded later.
   *
   * @param variable its name
   * @param value its value
   * @param otherwise the consequence if it cannot be set, for the warning
   */
  public static void set(String variable, String value, String otherwise) {
    NativeFolders.prepare();
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
