package io.involution.cuda.driver;

import java.util.Locale;
import java.util.Set;

/** A call that NVIDIA's driver refused, or a driver that is not there. */
public final class CudaFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a fault means for the one who asked. */
  public enum Kind {
    /** The device's memory does not suffice. */
    OUT_OF_MEMORY,
    /** Nothing more can be done with the device in this process: what ran on it is lost. */
    DEVICE_LOST,
    /** The driver does not know the kernels' format or the calls that are needed. */
    DRIVER_TOO_OLD,
    /** The device is older than the kernels ask for. */
    DEVICE_TOO_OLD,
    /** The process sees no such device. */
    NO_DEVICE,
    /** The driver's library cannot be loaded. */
    LIBRARY_MISSING,
    /** Any other refusal. */
    REFUSED
  }

  /** After these, every further call in the process' context gives the same. */
  private static final Set<Integer> LOST =
      Set.of(46, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999);

  private static final Set<Integer> OLD_DRIVER = Set.of(35, 218, 221, 222, 223, 803);
  private static final Set<Integer> ABSENT = Set.of(3, 100, 101, 802, 804);

  private final Kind kind;

  CudaFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  CudaFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * The fault of a call.
   *
   * @param call the driver's function
   * @param code its result, not 0
   * @param name the driver's name of the result and what it says about it
   */
  static CudaFault of(String call, int code, String name) {
    return new CudaFault(
        kind(code), String.format(Locale.ROOT, "%s: %s (error %d)", call, name, code));
  }

  /** The same fault with what it is about in front of its message. */
  CudaFault about(String what) {
    return new CudaFault(kind, what + ": " + getMessage(), this);
  }

  /** What the fault means. */
  public Kind kind() {
    return kind;
  }

  /** How much memory is missing, from numbers of bytes. */
  static String shortage(long needed, long free, long all) {
    double mebibyte = 1 << 20;
    return String.format(
        Locale.ROOT,
        "needed %.1f MiB, free are %.1f of %.1f MiB",
        needed / mebibyte,
        free / mebibyte,
        all / mebibyte);
  }

  private static Kind kind(int code) {
    if (code == 2) {
      return Kind.OUT_OF_MEMORY;
    }
    if (code == 209) {
      return Kind.DEVICE_TOO_OLD;
    }
    if (LOST.contains(code)) {
      return Kind.DEVICE_LOST;
    }
    if (OLD_DRIVER.contains(code)) {
      return Kind.DRIVER_TOO_OLD;
    }
    return ABSENT.contains(code) ? Kind.NO_DEVICE : Kind.REFUSED;
  }
}
