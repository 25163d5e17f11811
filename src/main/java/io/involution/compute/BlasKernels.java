package io.involution.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets OpenBLAS use AVX-512 on AMD processors. ND4J's OpenBLAS 0.3.19 is older than these
 * processors: it mistakes a Zen 4 for a Zen without AVX-512, and so does not use the kernels that
 * multiply small matrices without packing them first. It reads its choice from the environment when
 * it is loaded.
 */
final class BlasKernels {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Set<String> NEEDED =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private static boolean done;

  private BlasKernels() {}

  /** Chooses once, before the library is loaded; a user's own choice takes precedence. */
  static synchronized void choose() {
    if (done) {
      return;
    }
    done = true;
    coreType(Processor.here(), System.getenv())
        .ifPresent(type -> NativeEnvironment.set(VARIABLE, type, "training is slower"));
  }

  /**
   * The kernels to request; empty if OpenBLAS finds the right ones by itself.
   *
   * @param processor this machine's processor
   * @param environment the environment variables
   */
  static Optional<String> coreType(Processor processor, Map<String, String> environment) {
    boolean amd = processor.value("vendor_id").orElse("").contains("AuthenticAMD");
    List<String> flags = Arrays.asList(processor.value("flags").orElse("").split(" "));
    return amd && flags.containsAll(NEEDED) && !environment.containsKey(VARIABLE)
        ? Optional.of("SKYLAKEX")
        : Optional.empty();
  }
}
