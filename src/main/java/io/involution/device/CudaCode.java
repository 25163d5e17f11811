package io.involution.device;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GPUs that nd4j-cuda 11.6 has machine code for. Code for X.Y runs only on X.Z where Z is Y or
 * more; it contains no PTX, which a driver could translate for newer GPUs.
 */
final class CudaCode {
  private static final List<String> COMPILED =
      List.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6");
  private static final Pattern CAPABILITY = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");

  private CudaCode() {}

  /** Whether it runs on a GPU with this compute capability. */
  static boolean runsOn(String capability) {
    Matcher gpu = CAPABILITY.matcher(capability);
    return gpu.matches()
        && COMPILED.stream().anyMatch(code -> runsOn(CAPABILITY.matcher(code), gpu));
  }

  private static boolean runsOn(Matcher code, Matcher gpu) {
    return code.matches()
        && code.group(1).equals(gpu.group(1))
        && Integer.parseInt(code.group(2)) <= Integer.parseInt(gpu.group(2));
  }

  /** The GPUs that it needs, for messages. */
  static String needed() {
    return "nd4j-cuda 11.6 has code for compute capability 3.7 and 5.0 to 8.9";
  }
}
