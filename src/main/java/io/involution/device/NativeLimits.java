package io.involution.device;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;

/**
 * The memory outside the heap that JavaCPP lets a JVM take, in bytes; 0 is no limit.
 *
 * @param most {@code -Dorg.bytedeco.javacpp.maxbytes}
 * @param mostOfProcess {@code -Dorg.bytedeco.javacpp.maxphysicalbytes}, with heap and all
 * @param takenOtherwise what the process takes now, without what counts against {@code most}
 */
public record NativeLimits(long most, long mostOfProcess, long takenOtherwise)
    implements Serializable {
  private static final long MIB = 1 << 20;

  /** The limits of this JVM. */
  public static NativeLimits here() {
    return new NativeLimits(
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes(),
        Math.max(0, Pointer.physicalBytes() - Pointer.totalBytes()));
  }

  /** The setting that is too low for a JVM that needs so many bytes, and its value. */
  public Optional<String> tooLow(long needed) {
    if (most > 0 && needed > most) {
      return Optional.of(setting("maxbytes", most));
    }
    return mostOfProcess > 0 && takenOtherwise + needed > mostOfProcess
        ? Optional.of(setting("maxphysicalbytes", mostOfProcess))
        : Optional.empty();
  }

  private static String setting(String name, long bytes) {
    return String.format(
        Locale.ROOT, "-Dorg.bytedeco.javacpp.%s=%dm", name, Math.floorDiv(bytes, MIB));
  }
}
