package io.involution.cuda.driver;

import com.sun.jna.Pointer;

/** A kernel of a loaded module. */
public final class Kernel {
  private final String name;
  private final Pointer function;

  Kernel(String name, Pointer function) {
    this.name = name;
    this.function = function;
  }

  Pointer function() {
    return function;
  }

  @Override
  public String toString() {
    return name;
  }
}
