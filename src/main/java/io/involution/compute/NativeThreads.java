package io.involution.compute;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The threads of the native libraries. Layers distribute images over threads themselves ({@link
 * ImageChunks}), so OpenBLAS and libnd4j get one thread each: more would compete for cores, and
 * would make the order of sums depend on their number.
 */
public final class NativeThreads {
  private NativeThreads() {}

  /**
   * Sets OpenBLAS and libnd4j's OpenMP to one thread in this process, and selects OpenBLAS's
   * kernels for this processor, if it has not been loaded yet. Cheap to repeat.
   */
  public static void useOne() {
    NativeFolders.prepare();
    BlasKernels.choose();
    // ND4J sets the number itself when its backend loads, so the backend must come first.
    if (Nd4j.getEnvironment().isCPU()) {
      openblas_nolapack.blas_set_num_threads(1);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
  }

  /** Number of threads that OpenBLAS uses in this process; requires ND4J's CPU backend. */
  public static int ofBlas() {
    return openblas_nolapack.blas_get_num_threads();
  }
}
