package io.involution.files;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What users call files and folders, as Hadoop's paths. Nothing is decoded or expanded: {@code
 * %41}, {@code #}, {@code *} and blanks stand for themselves, in URIs too, as for Hadoop's own
 * commands. Hadoop takes {@code 10:20.png} for a URI of the scheme 10 and {@code //tmp} for a host;
 * here both are plain names.
 */
public final class UserPath {
  private static final Pattern URI_START =
      Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*", Pattern.DOTALL);

  /** Schemes that people leave without the slash. */
  private static final Pattern HALF_URI =
      Pattern.compile("(file|hdfs|viewfs|s3a?|https?)(:)(?!/).*", Pattern.DOTALL);

  private UserPath() {}

  /**
   * The path that a user means.
   *
   * @param typed a URI, or a path on the default file system, absolute or relative to its working
   *     folder
   * @throws IllegalArgumentException if it is empty, or a URI that does not say where it begins
   */
  public static Path of(String typed) {
    if (URI_START.matcher(typed).matches()) {
      return new Path(typed);
    }
    var half = HALF_URI.matcher(typed);
    if (half.matches()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a URI needs a slash after %1$s:, and a file of that name is ./%1$s:...",
              half.group(1)));
    }
    return literal(typed);
  }

  /** The path of a local file, whatever the default file system is. */
  public static Path of(java.nio.file.Path local) {
    return new Path("file", null, local.toAbsolutePath().toString());
  }

  /**
   * A file or folder below a folder.
   *
   * @param name its name, or several with slashes between them; a colon is a letter like any other
   */
  public static Path in(Path folder, String name) {
    return new Path(folder, literal(name));
  }

  /** The same, below a folder's URI. */
  public static Path in(String folder, String name) {
    return in(of(folder), name);
  }

  private static Path literal(String name) {
    return new Path(null, null, name);
  }

  /**
   * Whether one path is another or below it, however the two are written; false if there is no such
   * file system, which is for whoever reads or writes there to report.
   */
  public static boolean isWithin(String inner, String outer, Configuration hadoop) {
    try {
      Path folder = qualified(outer, hadoop);
      Path path = qualified(inner, hadoop);
      while (path != null && !path.equals(folder)) {
        path = path.getParent();
      }
      return path != null;
    } catch (IOException | IllegalArgumentException unreachable) {
      return false;
    }
  }

  private static Path qualified(String typed, Configuration hadoop) throws IOException {
    Path path = of(typed);
    return FileSystems.of(path, hadoop).makeQualified(path);
  }

  /**
   * Why a path could not be used: the error, and, if a path without a scheme is not on this
   * machine, where it is.
   */
  public static String reason(String typed, Throwable failure, Configuration hadoop) {
    return Places.reason(failure) + meaning(typed, hadoop);
  }

  /**
   * The refusal of a path that could not be used.
   *
   * @param line with {@code %s} for the path and a second one for the reason; ends with the fix
   */
  public static InputException refused(
      String line, String typed, Throwable failure, Configuration hadoop) {
    return new InputException(
        String.format(Locale.ROOT, line, Places.shown(typed), reason(typed, failure, hadoop)),
        failure);
  }

  /**
   * Where a path is that names no file system, as an addition to an error message; empty if it is
   * on this machine, or says itself where it is.
   */
  public static String meaning(String typed, Configuration hadoop) {
    URI home = FileSystem.getDefaultUri(hadoop);
    if (URI_START.matcher(typed).matches() || typed.isEmpty() || home.getScheme().equals("file")) {
      return "";
    }
    String site = home.toString().replaceFirst("/$", "");
    String there = typed.startsWith("/") ? site + typed : site;
    String machine =
        typed.startsWith("/")
            ? "file:" + typed
            : "file:" + java.nio.file.Path.of("").toAbsolutePath() + "/" + typed;
    return String.format(
        Locale.ROOT,
        "; fs.defaultFS puts it on %s, a file of this machine is %s",
        Places.shown(there),
        Places.shown(machine));
  }
}
