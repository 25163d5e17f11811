package io.involution.cuda.driver;

/** Faults as NVIDIA's driver gives them, for tests of what becomes of them. */
public final class CudaFaults {
  private CudaFaults() {}

  /** The fault of a call that gave an error code of the driver. */
  public static CudaFault of(int code) {
    return CudaFault.of("cuStreamSynchronize", code, "CUDA_ERROR, some\nreason");
  }
}
