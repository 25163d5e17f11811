package io.involution.run;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.files.DurableFiles;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right to write to a run's folder: a numbered file that contains a token. The owner of the
 * file with the highest number may write; an older attempt finds the newer file before its next
 * write and stops.
 */
final class Attempt {
  private static final Pattern NAME = Pattern.compile("attempt-(\\d{5,9})");

  private static final int MOST_TRIES = 20;

  /** More than any token has. */
  static final int MOST_BYTES = 4096;

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
   * Takes a folder that nobody has taken yet.
   *
   * @throws InputException when another run has taken it, perhaps at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt first(FileSystem fileSystem, Path folder) throws IOException {
    return numbered(fileSystem, folder, 1, token());
  }

  /**
   * Takes over a folder as the attempt with the next number.
   *
   * @throws InputException when another run takes it at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt next(FileSystem fileSystem, Path folder) throws IOException {
    return numbered(fileSystem, folder, highest(fileSystem, folder) + 1, token());
  }

  /**
   * Takes a folder as the attempt with the given number, or not at all.
   *
   * @param token a text that nobody else uses
   * @throws InputException when another run has taken that number, perhaps at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt numbered(FileSystem fileSystem, Path folder, int number, String token)
      throws IOException {
    return take(new Attempt(fileSystem, folder, number, token));
  }

  private static String token() {
    return UUID.randomUUID().toString();
  }

  private static Attempt take(Attempt attempt) throws IOException {
    try {
      attempt.create();
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException taken) {
      throw attempt.fenced();
    }
    // A run that overwrites the folder may have deleted this attempt together with the old run.
    attempt.check(attempt::fenced);
    return attempt;
  }

  private void create() throws IOException {
    DurableFiles durable = new DurableFiles(fileSystem);
    try {
      createFile(durable);
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      leave(durable, e);
      throw e;
    }
  }

  /** Another run that overwrites the folder may delete the folder of the attempts meanwhile. */
  private void createFile(DurableFiles durable) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        durable.claim(file(), token.getBytes(StandardCharsets.UTF_8));
        return;
      } catch (NoSuchFileException | NotDirectoryException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  /** Leaves no empty folder behind for the next attempt. */
  private void leave(DurableFiles durable, IOException why) {
    try {
      durable.deleteEmpty(folder);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  int number() {
    return number;
  }

  /**
   * Makes sure that this attempt still owns the folder.
   *
   * @throws InputException when another attempt took over
   * @throws RunFailedException when the folder is gone or cannot be read
   */
  void check() {
    check(
        () ->
            new RunFailedException(
                place()
                    + " was deleted or moved while the run was writing to it: start the run"
                    + " again"));
  }

  private void check(Supplier<? extends RuntimeException> gone) {
    int highest;
    boolean mine;
    try {
      highest = highest(fileSystem, folder);
      mine = highest == number && token.equals(owner());
    } catch (IOException e) {
      throw new RunFailedException(
          String.format(
              Locale.ROOT,
              "cannot read %s: %s: make sure that it can be reached",
              Places.shown(folder.toString()),
              Places.reason(e)),
          e);
    }
    if (highest == 0) {
      throw gone.get();
    }
    if (!mine) {
      throw fenced();
    }
  }

  private String owner() throws IOException {
    try {
      return new String(WholeFile.read(fileSystem, file(), MOST_BYTES), StandardCharsets.UTF_8);
    } catch (FileNotFoundException absent) {
      return "";
    }
  }

  private Path file() {
    return UserPath.in(folder, name(number));
  }

  /** The name of an attempt's file. */
  static String name(int number) {
    return String.format(Locale.ROOT, "attempt-%05d", number);
  }

  private String place() {
    return Places.shown(folder.getParent().toString());
  }

  private InputException fenced() {
    return new InputException(
        String.format(
            Locale.ROOT,
            "another run has taken --out %s: this one (attempt %d) stops writing; use a separate"
                + " --out for each run",
            place(),
            number));
  }

  /** Whether a folder exists and holds nothing but attempts, or nothing at all. */
  static boolean isOnlyAttempts(FileSystem fileSystem, Path folder) throws IOException {
    try {
      FileStatus[] found = fileSystem.listStatus(folder);
      return Arrays.stream(found)
          .map(FileStatus::getPath)
          .allMatch(path -> !path.equals(folder) && NAME.matcher(path.getName()).matches());
    } catch (FileNotFoundException absent) {
      return false;
    }
  }

  /** The highest attempt number; 0 if nobody has taken the folder. */
  static int highest(FileSystem fileSystem, Path folder) throws IOException {
    int highest = 0;
    try {
      for (FileStatus status : fileSystem.listStatus(folder)) {
        Matcher matcher = NAME.matcher(status.getPath().getName());
        if (matcher.matches()) {
          highest = Math.max(highest, Integer.parseInt(matcher.group(1)));
        }
      }
    } catch (FileNotFoundException absent) {
      return 0;
    }
    return highest;
  }
}
