package io.involution.run;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.files.Content;
import io.involution.files.Durability;
import io.involution.files.FileSystems;
import io.involution.files.FolderFiles;
import io.involution.files.UserPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run on any Hadoop file system. If several runs want the same new folder, one
 * gets it; after that only a run that resumes can take it over, and the previous owner stops at its
 * next write. No file is appended to, and nothing relies on renaming folders, because object stores
 * support neither.
 */
public final class RunFolder {
  /** The file that marks a folder as a run's folder. */
  public static final String RECORD = "run.json";

  /** The folder of the report. */
  public static final String REPORT = "report";

  private final FolderFiles files;
  private final Attempt attempt;

  private RunFolder(FolderFiles files, Attempt attempt) {
    this.files = files;
    this.attempt = attempt;
  }

  /** What the folder may already contain. */
  public enum Mode {
    /** Nothing. */
    NEW,
    /** A run and nothing else; it is deleted. */
    OVERWRITE,
    /** A run, which is resumed, or nothing. */
    RESUME
  }

  /**
   * Takes a folder for writing.
   *
   * @param out its URI or path
   * @param mode what it may already contain
   * @param hadoop settings of the file system
   * @throws InputException when the folder holds what {@code mode} does not allow, or cannot be
   *     written, or another run takes it at the same time
   */
  public static RunFolder take(String out, Mode mode, Configuration hadoop) {
    try {
      Path given = UserPath.of(out);
      FileSystem fileSystem = FileSystems.of(given, hadoop);
      Path root = fileSystem.makeQualified(given);
      Optional<RunContents> overwritten = checkContents(fileSystem, root, mode);
      if (overwritten.isPresent()) {
        overwritten.get().delete();
      }
      Path attempts = UserPath.in(root, "attempts");
      // Only a run that resumes may take a folder from another run, which may be the one it
      // resumes.
      Attempt attempt =
          mode == Mode.RESUME
              ? Attempt.next(fileSystem, attempts)
              : Attempt.first(fileSystem, attempts);
      RunContents.sweep(fileSystem, root);
      return new RunFolder(new FolderFiles(fileSystem, root), attempt);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e, hadoop);
    }
  }

  /**
   * Checks whether a folder can be taken, without changing anything.
   *
   * @throws InputException when it holds what {@code mode} does not allow
   */
  public static void check(String out, Mode mode, Configuration hadoop) {
    try {
      Path root = UserPath.of(out);
      checkContents(FileSystems.of(root, hadoop), root, mode);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e, hadoop);
    }
  }

  /** Whether a folder contains a run. */
  public static boolean holdsRun(String out, Configuration hadoop) {
    try {
      Path record = UserPath.in(out, RECORD);
      return FileSystems.of(record, hadoop).exists(record);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e, hadoop);
    }
  }

  /**
   * Opens the folder of a run for reading.
   *
   * @throws InputException when it contains no run
   */
  public static RunFolder read(String run, Configuration hadoop) {
    try {
      Path root = UserPath.of(run);
      FileSystem fileSystem = FileSystems.of(root, hadoop);
      if (!fileSystem.exists(UserPath.in(root, RECORD))) {
        throw new InputException(
            Places.shown(run) + " is not a run's folder (no " + RECORD + " in it): check the path");
      }
      return new RunFolder(new FolderFiles(fileSystem, fileSystem.makeQualified(root)), null);
    } catch (IllegalArgumentException | IOException e) {
      throw UserPath.refused("%s cannot be read (%s): check the path", run, e, hadoop);
    }
  }

  /** The location of the folder, without user info. */
  public String location() {
    return files.location();
  }

  /** The number of the attempt that writes, from 1. */
  public int attempt() {
    return attempt.number();
  }

  /**
   * Writes a file that is on the disk when this returns. A reader finds either the whole old file
   * or the whole new one.
   */
  public void write(String name, byte[] bytes) {
    write(name, Content.of(bytes));
  }

  /** The same for a file that is too large to be in memory as a whole. */
  public void write(String name, Content content) {
    asOwner(() -> files.replace(name, content, Durability.ON_DISK, attempt::check));
  }

  /**
   * Replaces a file of the report. Anyone who can write to the folder may do so during a run, even
   * without having taken the folder: a run reads nothing from its report.
   *
   * @param name the file's name within the report's folder
   */
  public void replaceReport(String name, byte[] bytes) {
    files.write(REPORT + "/" + name, bytes, Durability.ON_DISK);
  }

  /** A file's bytes, or empty when there is no such file. */
  public Optional<byte[]> read(String name) {
    return files.read(name);
  }

  /** Copies a file of any size; its length in bytes, or empty when there is no such file. */
  public OptionalLong copy(String name, OutputStream out) {
    return files.copy(name, out);
  }

  /** A file's length in bytes, or empty when there is no such file. */
  public OptionalLong length(String name) {
    return files.length(name);
  }

  /** The names of the files and folders in a folder, sorted; empty if the folder does not exist. */
  public List<String> list(String folder) {
    return files.list(folder);
  }

  /** Deletes a file, or a folder with everything in it. */
  public void delete(String name) {
    asOwner(() -> files.delete(name));
  }

  /** Deletes a folder unless something is in it. */
  void deleteEmpty(String name) {
    asOwner(() -> files.deleteEmpty(name));
  }

  private void asOwner(Runnable action) {
    attempt.check();
    try {
      action.run();
    } catch (RunFailedException e) {
      // Whoever has taken the folder over may have deleted what was just being written.
      attempt.check();
      throw e;
    }
  }

  /** Returns what is to be deleted, if the mode says so. */
  private static Optional<RunContents> checkContents(FileSystem fileSystem, Path root, Mode mode)
      throws IOException {
    FileStatus[] found;
    try {
      if (fileSystem.getFileStatus(root).isFile()) {
        throw new InputException(
            "--out " + Places.shown(root.toString()) + " is a file: name a folder");
      }
      found = fileSystem.listStatus(root);
    } catch (FileNotFoundException absent) {
      return Optional.empty();
    }
    boolean run =
        fileSystem.exists(UserPath.in(root, RECORD))
            || Attempt.isOnlyAttempts(fileSystem, UserPath.in(root, "attempts"));
    if (found.length > 0 && !run) {
      throw RunContents.foreign(root);
    }
    if (run && mode == Mode.NEW) {
      throw new InputException(
          "--out "
              + Places.shown(root.toString())
              + " already holds a run: name another folder, or add --overwrite or --resume");
    }
    return mode == Mode.OVERWRITE
        ? Optional.of(RunContents.of(fileSystem, root))
        : Optional.empty();
  }

  private static InputException unwritable(String out, Exception e, Configuration hadoop) {
    return UserPath.refused(
        "--out %s cannot be written (%s): name a folder that you can write to", out, e, hadoop);
  }
}
