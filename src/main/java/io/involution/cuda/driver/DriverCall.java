package io.involution.cuda.driver;

import com.sun.jna.Function;

/** One function of the driver, looked up once. */
final class DriverCall {
  private final CudaLibrary library;
  private final String name;
  private final Function function;

  DriverCall(CudaLibrary library, String name, Function function) {
    this.library = library;
    this.name = name;
    this.function = function;
  }

  /**
   * Calls the function.
   *
   * @throws CudaFault when its result is not 0
   */
  void call(Object... arguments) {
    int code = function.invokeInt(arguments);
    if (code != 0) {
      throw library.fault(name, code);
    }
  }

  /** Calls the function and passes over its result: for what is given back on the way out. */
  void attempt(Object... arguments) {
    function.invokeInt(arguments);
  }
}
