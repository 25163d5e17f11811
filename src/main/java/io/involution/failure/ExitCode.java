package io.involution.failure;

/** Exit codes of the driver's process. */
public final class ExitCode {
  /** A run failed while running. */
  public static final int FAILED = 1;

  /** Wrong usage, configuration or data. */
  public static final int WRONG_INPUT = 2;

  /** A run was stopped and can be resumed. */
  public static final int STOPPED = 3;

  private ExitCode() {}
}
