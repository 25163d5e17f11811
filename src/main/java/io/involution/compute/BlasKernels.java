package io.involution.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets OpenBLAS use AVX-512 on AMD processors. ND4J's OpenBLAS 0.3.19 is older than they are: it
 * takes a Zen 4 for a Zen without AVX-512, and so leaves out the kernels that multiply small
 * matrices without packing them first. It reads its choice from the environment when it loads.
 */
final class BlasKernels {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Set<String> NEEDED =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private static boolean done;

  private BlasKernels() {}

  /** Chooses, once, for a library that has not been loaded yet; a user's own choice stands. */
  static synchronized void choose() {
    if (done) {
      return;
    }
    done = true;
    coreType(processor(), System.getenv())
        .ifPresent(type -> NativeEnvironment.set(VARIABLE, type, "training is slower"));
  }

  /**
   * The kernels to ask for; none where OpenBLAS finds the right ones by itself.
   *
   * @param processor the lines of Linux' {@code /proc/cpuinfo}
   * @param environment the environment's variables
   */
  static Optional<String> coreType(List<String> processor, Map<String, String> environment) {
    boolean amd = value(processor, "vendor_id").contains("AuthenticAMD");
    List<String> flags = Arrays.asList(value(processor, "flags").split(" "));
    return amd && flags.containsAll(NEEDED) && !environment.containsKey(VARIABLE)
        ? Optional.of("SKYLAKEX")
        : Optional.empty();
  }

  private static String value(List<String> processor, String name) {
    return processor.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("");
  }

  private static List<String> processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"));
    } catch (IOException e) {
      // Not Linux: OpenBLAS chooses by itself.
      return List.of();
    }
  }
}
