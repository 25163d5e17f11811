package io.involution.cuda.driver;

import com.sun.jna.Pointer;

/** Recorded launches, to be repeated as one. Freed with its device or by {@link #close()}. */
public final class CudaGraph implements AutoCloseable {
  private final CudaDevice device;
  private final Object[] launch;
  private final Pointer executable;

  CudaGraph(CudaDevice device, Pointer executable, Pointer stream) {
    this.device = device;
    this.executable = executable;
    launch = new Object[] {executable, stream};
  }

  /** The arguments of the driver's function that launches it. */
  Object[] launch() {
    return launch;
  }

  Pointer executable() {
    return executable;
  }

  @Override
  public void close() {
    device.free(this);
  }
}
