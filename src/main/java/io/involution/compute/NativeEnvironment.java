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
    call("setenv", otherwise + "; set " + variable + "=" + value + " yourself", variable, value, 1);
  }

  /**
   * Takes a variable away from libraries that are loaded later.
   *
   * @param variable its name
   * @param otherwise the consequence if that cannot be done, for the warning
   */
  static void unset(String variable, String otherwise) {
    call("unsetenv", otherwise + "; unset " + variable + " yourself", variable);
  }

  private static void call(String function, String warning, Object... arguments) {
    NativeFolders.prepare();
    try {
      Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
    } catch (LinkageError | RuntimeException e) {
      LoggerFactory.getLogger(NativeEnvironment.class)
          .warn("the environment cannot be changed: {}", warning, e);
    }
  }
}
