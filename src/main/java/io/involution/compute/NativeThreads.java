package io.involution.compute;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Threads of the native libraries. Layers split images over threads themselves ({@link
 * ImageChunks}), so OpenBLAS and libnd4j get one each: their own threads would compete with them
 * for cores, and would make the order of sums depend on their number.
 */
public final class NativeThreads {
  private NativeThreads() {}

  /**
   * Gives OpenBLAS and libnd4j's OpenMP one thread for this process, and OpenBLAS the processor's
   * kernels, if it has not been loaded yet. Cheap to repeat.
   */
  public static void useOne() {
    BlasKernels.choose();
    // ND4J sets the number itself when its backend loads, so the backend must come first.
    if (Nd4j.getEnvironment().isCPU()) {
      openblas_nolapack.blas_set_num_threads(1);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
  }

  /** Threads that OpenBLAS uses in this process; ND4J's CPU backend has to be there. */
  public static int ofBlas() {
    return openblas_nolapack.blas_get_num_threads();
  }
}
