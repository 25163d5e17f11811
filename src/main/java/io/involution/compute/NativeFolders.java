package io.involution.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder into which libraries unpack their native parts. They take the home folder or that for
 * temporary files, and fail where these are mounted so that no program may run in them (noexec):
 * then this class finds another by trying.
 */
public final class NativeFolders {
  /** The settings of JavaCPP, JNA and Snappy for their folders. */
  static final List<String> SETTINGS =
      List.of("org.bytedeco.javacpp.cachedir", "jna.tmpdir", "org.xerial.snappy.tempdir");

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private static boolean prepared;

  private NativeFolders() {}

  /**
   * Sets the libraries' folders in this process where theirs are of no use, unless the user has set
   * them. To be called before the libraries are loaded; cheap to repeat.
   */
  public static synchronized void prepare() {
    if (!prepared) {
      prepared = true;
      folder(used(), others()).ifPresent(NativeFolders::set);
    }
  }

  private static void set(Path folder) {
    for (String setting : SETTINGS) {
      if (System.getProperty(setting) == null) {
        System.setProperty(setting, folder.toString());
      }
    }
  }

  /**
   * A folder for native libraries.
   *
   * @param used those that libraries take by themselves
   * @param others where else to try
   * @return empty if libraries need no other, or if there is none
   */
  static Optional<Path> folder(List<String> used, List<String> others) {
    if (used.stream().noneMatch(NativeFolders::refuses)) {
      return Optional.empty();
    }
    return Stream.concat(used.stream(), others.stream())
        .flatMap(base -> own(base).stream())
        .findFirst();
  }

  private static List<String> used() {
    return Stream.of(System.getProperty("user.home"), System.getProperty("java.io.tmpdir"))
        .filter(NativeFolders::isAbsolute)
        .toList();
  }

  /** Spark's and YARN's local folders, then what most machines have. */
  private static List<String> others() {
    Stream<String> spark =
        Stream.of("SPARK_LOCAL_DIRS", "LOCAL_DIRS", "SPARK_EXECUTOR_DIRS", "XDG_RUNTIME_DIR")
            .map(name -> System.getenv().getOrDefault(name, ""))
            .flatMap(value -> Stream.of(value.split("[,:]")));
    return Stream.concat(spark, Stream.of("/var/tmp", "/dev/shm", System.getProperty("user.dir")))
        .filter(NativeFolders::isAbsolute)
        .toList();
  }

  private static boolean isAbsolute(String name) {
    return name != null && name.startsWith("/");
  }

  /** Whether files can be written to a folder but programs in it cannot be run. */
  private static boolean refuses(String base) {
    try {
      return !runs(Path.of(base));
    } catch (IOException | InvalidPathException e) {
      // Libraries cannot write there either, and look elsewhere themselves.
      return false;
    }
  }

  /** The user's own folder below another; empty if programs cannot be run in it. */
  private static Optional<Path> own(String base) {
    try {
      if (!runs(Path.of(base))) {
        return Optional.empty();
      }
      Path folder = Path.of(base, ".involution-natives-" + System.getProperty("user.name"));
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
      }
      return isPrivate(folder) ? Optional.of(folder) : Optional.empty();
    } catch (IOException | InvalidPathException | UnsupportedOperationException unusable) {
      return Optional.empty();
    }
  }

  /** Whether nobody else can put a library into a folder. */
  private static boolean isPrivate(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "probe", "");
    try {
      return Files.getOwner(probe).equals(Files.getOwner(folder))
          && PRIVATE.containsAll(Files.getPosixFilePermissions(folder));
    } finally {
      Files.delete(probe);
    }
  }

  /** The kernel denies access for execution to every file of a folder that is mounted noexec. */
  private static boolean runs(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".involution", ".probe");
    try {
      Files.setPosixFilePermissions(probe, EnumSet.copyOf(PRIVATE));
      return Files.isExecutable(probe);
    } finally {
      Files.delete(probe);
    }
  }
}
