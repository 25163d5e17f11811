package io.involution.device;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * The kind of machine that this process runs on, for which the job jar must have native libraries.
 *
 * @param name as JavaCPP and Maven name it, such as {@code linux-x86_64}
 * @param musl whether its C library is musl, as Alpine's, and not glibc
 */
record HostPlatform(String name, boolean musl) {
  private static final Path LIBRARIES = Path.of("/proc/self/maps");

  /** That of this process. */
  static HostPlatform here() {
    return new HostPlatform(Loader.getPlatform(), isMusl(LIBRARIES));
  }

  /**
   * Whether a process has loaded musl.
   *
   * @param maps what the kernel tells of its memory
   */
  static boolean isMusl(Path maps) {
    try (Stream<String> lines = Files.lines(maps)) {
      return lines.anyMatch(line -> line.contains("/ld-musl-"));
    } catch (IOException e) {
      // Not Linux: the platform's name tells enough.
      return false;
    }
  }

  /**
   * Checks that there are native libraries for it, without loading them.
   *
   * @throws InputException if there are none
   */
  void require() {
    String library = "org/bytedeco/javacpp/" + name + "/libjnijavacpp.so";
    if (HostPlatform.class.getClassLoader().getResource(library) == null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "this host is %s, and the job jar has no native libraries for it: build it with mvn"
                  + " -Dnative.platform=%s package, or run it on linux-x86_64",
              name,
              name));
    }
    if (musl) {
      throw new InputException(
          "this host's C library is musl (Alpine Linux), and ND4J's native libraries need glibc:"
              + " use an image of Debian, Ubuntu or Red Hat");
    }
  }
}
