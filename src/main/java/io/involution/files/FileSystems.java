package io.involution.files;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;

/** Hadoop's file systems, by path. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system of a path.
   *
   * @throws IOException if it is not available, including when its classes are missing, which
   *     Hadoop reports by unchecked exceptions and errors
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (RuntimeException | LinkageError e) {
      if (e instanceof LinkageError || e.getCause() instanceof ClassNotFoundException) {
        throw new IOException(missing(path.toUri().getScheme()), e);
      }
      throw e;
    }
  }

  /**
   * The file system of a path, for writing: a local one does not leave Hadoop's hidden checksum
   * files.
   *
   * @throws IOException if it is not available
   */
  public static FileSystem plain(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = of(path, hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  private static String missing(String scheme) {
    String fix =
        scheme != null && scheme.toLowerCase(Locale.ROOT).startsWith("s3")
            ? "--packages org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion()
            : "--packages";
    return String.format(
        Locale.ROOT, "the classes for %s:// are missing, submit with %s", scheme, fix);
  }
}
