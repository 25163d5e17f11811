package io.involution.files;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Letters beyond the locale of this JVM. Without LANG, as under cron, Java turns them into {@code
 * ?} in arguments and file names, and writes to another folder than the user named.
 */
public final class LocaleLetters {
  /** What Java replaces a byte with that is no letter of the locale. */
  private static final char REPLACEMENT = '\uFFFD';

  private LocaleLetters() {}

  /** How this JVM's locale writes file names and arguments. */
  public static Charset ofThisJvm() {
    return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  }

  /**
   * The first argument that did not arrive as typed, as an error message.
   *
   * @param arguments the command line
   * @param locale how this JVM's locale writes arguments
   */
  public static Optional<String> mangled(List<String> arguments, Charset locale) {
    boolean ascii = !locale.newEncoder().canEncode('\u00E9');
    return arguments.stream()
        .filter(
            argument -> argument.indexOf(REPLACEMENT) >= 0 || (ascii && argument.contains("??")))
        .findFirst()
        .map(
            argument ->
                String.format(
                    Locale.ROOT,
                    "'%s' did not arrive as typed, since the locale of this process knows only %s:"
                        + " set LC_ALL=C.UTF-8",
                    argument.replace(REPLACEMENT, '?'),
                    locale.name()));
  }

  /** Refuses a local file that would get another name. */
  static void require(Path path, FileSystem fileSystem, Charset locale) throws IOException {
    if (fileSystem.getUri().getScheme().equals("file")
        && !locale.newEncoder().canEncode(path.toUri().getPath())) {
      throw new IOException(
          "the locale of this process knows only "
              + locale.name()
              + ", not all letters of the name: set LC_ALL=C.UTF-8");
    }
  }
}
