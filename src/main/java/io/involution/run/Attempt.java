package io.involution.run;

import io.involution.config.InputException;
import io.involution.config.Places;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right to write to a run's folder: a numbered file with a token. Whoever made the file with
 * the highest number may write; an older attempt finds the newer file before its next write and
 * stops.
 */
final class Attempt {
  private static final Pattern NAME = Pattern.compile("attempt-(\\d{5})");

  private final FileSystem fileSystem;
  private final Path folder;
  private final int number;
  private final String token;

  private Attempt(FileSystem fileSystem, Path folder, int number, String token) {
    this.fileSystem = fileSystem;
    this.folder = folder;
    this.number = number;
    this.token = token;
  }

  /**
   * Takes the next number.
   *
   * @throws InputException when another run takes it at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt next(FileSystem fileSystem, Path folder) throws IOException {
    int number = highest(fileSystem, folder) + 1;
    Attempt attempt = new Attempt(fileSystem, folder, number, UUID.randomUUID().toString());
    try (var out = fileSystem.create(attempt.file(), false)) {
      out.write(attempt.token.getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException e) {
      throw attempt.fenced();
    }
    attempt.check();
    return attempt;
  }

  int number() {
    return number;
  }

  /**
   * Makes sure that this attempt still owns the folder.
   *
   * @throws InputException when another attempt took over
   */
  void check() {
    try {
      if (highest(fileSystem, folder) != number || !token.equals(owner())) {
        throw fenced();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read " + Places.shown(folder.toString()) + ": " + Places.reason(e), e);
    }
  }

  private String owner() throws IOException {
    try (var in = fileSystem.open(file())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  private Path file() {
    return new Path(folder, "attempt-%05d".formatted(number));
  }

  private InputException fenced() {
    return new InputException(
        "another run has taken "
            + Places.shown(folder.getParent().toString())
            + ": this one (attempt "
            + number
            + ") writes no more; use one --out for each run");
  }

  private static int highest(FileSystem fileSystem, Path folder) throws IOException {
    int highest = 0;
    try {
      for (FileStatus status : fileSystem.listStatus(folder)) {
        Matcher matcher = NAME.matcher(status.getPath().getName());
        if (matcher.matches()) {
          highest = Math.max(highest, Integer.parseInt(matcher.group(1)));
        }
      }
    } catch (FileNotFoundException e) {
      return 0;
    }
    return highest;
  }
}
