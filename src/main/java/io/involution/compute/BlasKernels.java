package io.involution.compute;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets OpenBLAS use AVX-512 on AMD processors. ND4J's OpenBLAS 0.3.19 is older than these
 * processors: it mistakes a Zen 4 for a Zen without AVX-512, and so does not use the kernels that
 * multiply small matrices without packing them first. It reads its choice from the environment when
 * it is loaded.
 *
 * <p>What the environment says itself is not used: it decides how sums are divided, and executors
 * in containers or on other hosts do not have the driver's, so that a result would have other bits
 * there.
 */
final class BlasKernels {
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
  private static final List<String> BLOCK_SIZES =
      List.of("OPENBLAS_L2_SIZE", "OPENBLAS_BLOCK_FACTOR");
  private static final Set<String> NEEDED =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private static boolean done;

  private BlasKernels() {}

  /** Chooses once, before the library is loaded. */
  static synchronized void choose() {
    if (done) {
      return;
    }
    done = true;
    changes(Processor.here(), System.getenv()).forEach(BlasKernels::change);
  }

  private static void change(String variable, Optional<String> value) {
    value.ifPresentOrElse(
        text -> NativeEnvironment.set(variable, text, "training is slower"),
        () -> NativeEnvironment.unset(variable, "results may have other bits"));
  }

  /**
   * The variables to change in the environment.
   *
   * @param processor this machine's processor
   * @param environment the environment variables
   * @return the value of each; empty if it must not be set
   */
  static Map<String, Optional<String>> changes(
      Processor processor, Map<String, String> environment) {
    Map<String, Optional<String>> changes = new LinkedHashMap<>();
    Optional<String> type = coreType(processor);
    if (type.isPresent() || environment.containsKey(CORE_TYPE)) {
      changes.put(CORE_TYPE, type);
    }
    BLOCK_SIZES.stream()
        .filter(environment::containsKey)
        .forEach(variable -> changes.put(variable, Optional.empty()));
    return changes;
  }

  /** The kernels to request; empty if OpenBLAS finds the right ones by itself. */
  private static Optional<String> coreType(Processor processor) {
    boolean amd = processor.value("vendor_id").orElse("").contains("AuthenticAMD");
    List<String> flags = Arrays.asList(processor.value("flags").orElse("").split(" "));
    return amd && flags.containsAll(NEEDED) ? Optional.of("SKYLAKEX") : Optional.empty();
  }
}
