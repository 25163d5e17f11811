package io.involution.run;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
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

  /** Longer than an object store takes from looking for a file to having written it. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

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
   * @throws InputException when another run has, perhaps at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt first(FileSystem fileSystem, Path folder) throws IOException {
    return numbered(fileSystem, folder, 1, token());
  }

  /**
   * Takes a folder over: the next number.
   *
   * @throws InputException when another run takes it at the same moment
   * @throws IOException when the folder cannot be written
   */
  static Attempt next(FileSystem fileSystem, Path folder) throws IOException {
    return numbered(fileSystem, folder, highest(fileSystem, folder) + 1, token());
  }

  /**
   * Takes a folder as the attempt of a number, and as no later one.
   *
   * @param token text that nobody else uses
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
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      throw attempt.fenced();
    }
    // Who overwrites the folder may have deleted this attempt with the run that it found.
    attempt.check(attempt::fenced);
    return attempt;
  }

  private void create() throws IOException {
    OutputStream created = exclusive();
    try (OutputStream out = created) {
      out.write(token.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The disk is full, say: the place is left as it was, for whoever comes next.
      remove(e);
      throw e;
    }
    if (!FolderFiles.RENAMES.contains(fileSystem.getUri().getScheme())) {
      settle();
    }
  }

  private OutputStream exclusive() throws IOException {
    if (!fileSystem.getUri().getScheme().equals("file")) {
      return fileSystem.create(file(), false);
    }
    // Hadoop's own create looks first and creates then: two runs could both find nothing.
    java.nio.file.Path local = Paths.get(file().toUri().getPath());
    Files.createDirectories(local.getParent());
    return Files.newOutputStream(local, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void remove(IOException why) {
    try {
      fileSystem.delete(file(), false);
      if (fileSystem.listStatus(folder).length == 0) {
        fileSystem.delete(folder, false);
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /**
   * Two runs may both have created the file: once neither still can, the token tells whose it is.
   */
  private static void settle() {
    try {
      Thread.sleep(SETTLE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while taking a folder", e);
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
          "cannot read %s: %s: make sure that it can be reached, then resume with --resume"
              .formatted(Places.shown(folder.toString()), Places.reason(e)),
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
    try (var in = fileSystem.open(file())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  private Path file() {
    return new Path(folder, name(number));
  }

  /** Name of the file of an attempt. */
  static String name(int number) {
    return "attempt-%05d".formatted(number);
  }

  private String place() {
    return Places.shown(folder.getParent().toString());
  }

  private InputException fenced() {
    return new InputException(
        "another run has taken --out %s: this one (attempt %d) stops writing; use a separate --out for each run"
            .formatted(place(), number));
  }

  /** The highest number there is; 0 where nobody has taken the folder. */
  static int highest(FileSystem fileSystem, Path folder) throws IOException {
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
