package io.involution.files;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/** Hadoop's file systems, by path. */
public final class FileSystems {
  /** Java's clients, which read http:// paths for Hadoop, would wait without end. */
  private static final String SILENCE_MILLISECONDS = "30000";

  static {
    for (String limit : List.of("Connect", "Read")) {
      String name = "sun.net.client.default" + limit + "Timeout";
      System.setProperty(name, System.getProperty(name, SILENCE_MILLISECONDS));
    }
  }

  private FileSystems() {}

  /**
   * The file system of a path. A local one neither leaves nor looks for Hadoop's hidden checksum
   * files, whose names it could not form for files with a colon in their name.
   *
   * @throws IOException if it cannot have a file of that name, or is not available, including when
   *     its host is unknown or its classes are missing, which Hadoop reports by unchecked
   *     exceptions and errors
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    String scheme = path.toUri().getScheme();
    try {
      FileSystem fileSystem = path.getFileSystem(hadoop);
      LocaleLetters.require(path, fileSystem, LocaleLetters.ofThisJvm());
      return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    } catch (UnsupportedFileSystemException e) {
      if ("s3".equals(scheme) || "s3n".equals(scheme)) {
        throw new IOException(
            String.format(Locale.ROOT, "Hadoop has no %s:// any more: use s3a://", scheme), e);
      }
      throw e;
    } catch (RuntimeException | LinkageError e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      if (e instanceof LinkageError || e.getCause() instanceof ClassNotFoundException) {
        throw new IOException(missing(scheme), e);
      }
      throw e;
    }
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
