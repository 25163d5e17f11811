package io.involution.run;

import io.involution.data.FileSystems;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run on any Hadoop file system. Of runs that want the same new folder one gets
 * it; after that only a run that resumes can take it over, and whoever finds that another did is
 * stopped at the next write. No file is appended to, and nothing relies on a rename of folders:
 * object stores have neither.
 */
public final class RunFolder {
  /** The file that makes a folder a run's. */
  public static final String RECORD = "run.json";

  /** The folder of the report. */
  public static final String REPORT = "report";

  private final FolderFiles files;
  private final Attempt attempt;

  private RunFolder(FolderFiles files, Attempt attempt) {
    this.files = files;
    this.attempt = attempt;
  }

  /** What may already be in the folder. */
  public enum Mode {
    /** Nothing. */
    NEW,
    /** A run, which is deleted. */
    OVERWRITE,
    /** A run, which goes on, or nothing. */
    RESUME
  }

  /**
   * Takes a folder for writing.
   *
   * @param out its URI or path
   * @param mode what may be there
   * @param hadoop settings of the file system
   * @throws InputException when the folder holds what {@code mode} does not allow, or cannot be
   *     written, or another run takes it at the same time
   */
  public static RunFolder take(String out, Mode mode, Configuration hadoop) {
    try {
      Path given = new Path(out);
      FileSystem fileSystem = FileSystems.plain(given, hadoop);
      Path root = fileSystem.makeQualified(given);
      checkContents(fileSystem, root, mode);
      if (mode == Mode.OVERWRITE) {
        fileSystem.delete(root, true);
      }
      Path attempts = new Path(root, "attempts");
      // Only who resumes may take a folder from another run: it may be the one that it goes on
      // with.
      Attempt attempt =
          mode == Mode.RESUME
              ? Attempt.next(fileSystem, attempts)
              : Attempt.first(fileSystem, attempts);
      return new RunFolder(new FolderFiles(fileSystem, root), attempt);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e);
    }
  }

  /**
   * Looks whether a folder can be taken, without changing anything.
   *
   * @throws InputException when it holds what {@code mode} does not allow
   */
  public static void check(String out, Mode mode, Configuration hadoop) {
    try {
      Path root = new Path(out);
      checkContents(FileSystems.plain(root, hadoop), root, mode);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e);
    }
  }

  /** Whether a folder holds a run. */
  public static boolean holdsRun(String out, Configuration hadoop) {
    try {
      Path record = new Path(out, RECORD);
      return FileSystems.plain(record, hadoop).exists(record);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e);
    }
  }

  /**
   * Opens the folder of a run for reading.
   *
   * @throws InputException when there is no run
   */
  public static RunFolder read(String run, Configuration hadoop) {
    try {
      Path root = new Path(run);
      FileSystem fileSystem = FileSystems.plain(root, hadoop);
      if (!fileSystem.exists(new Path(root, RECORD))) {
        throw new InputException(
            Places.shown(run) + " is not a run's folder (no " + RECORD + " in it): check the path");
      }
      return new RunFolder(new FolderFiles(fileSystem, fileSystem.makeQualified(root)), null);
    } catch (IllegalArgumentException | IOException e) {
      throw new InputException(
          Places.shown(run) + " cannot be read (" + Places.reason(e) + "): check the path", e);
    }
  }

  /** Where the folder is, without user info. */
  public String location() {
    return files.location();
  }

  /** Number of the attempt that writes, from 1. */
  public int attempt() {
    return attempt.number();
  }

  /** Writes a file that nobody reads before it is complete, or before a marker says so. */
  public void write(String name, byte[] bytes) {
    attempt.check();
    files.create(name, bytes);
  }

  /** Exchanges a file such that a reader finds the old or the new one whole. */
  public void replace(String name, byte[] bytes) {
    attempt.check();
    files.exchange(name, "." + attempt.number() + ".tmp", bytes, attempt::check);
  }

  /**
   * Exchanges a file of the report. Whoever can write to the folder may do so while a run goes on,
   * also without having taken the folder: nothing that a run reads is in the report.
   *
   * @param name the file's name within the report's folder
   */
  public void replaceReport(String name, byte[] bytes) {
    files.exchange(REPORT + "/" + name, "." + UUID.randomUUID() + ".tmp", bytes, () -> {});
  }

  /** A file's bytes, or empty when there is no such file. */
  public Optional<byte[]> read(String name) {
    return files.read(name);
  }

  /** Names of the files and folders in a folder, sorted; none when there is no such folder. */
  public List<String> list(String folder) {
    return files.list(folder);
  }

  /** Deletes a file or a folder with all that is in it. */
  public void delete(String name) {
    attempt.check();
    files.delete(name);
  }

  private static void checkContents(FileSystem fileSystem, Path root, Mode mode)
      throws IOException {
    FileStatus[] found;
    try {
      if (fileSystem.getFileStatus(root).isFile()) {
        throw new InputException(
            "--out " + Places.shown(root.toString()) + " is a file: name a folder");
      }
      found = fileSystem.listStatus(root);
    } catch (FileNotFoundException e) {
      return;
    }
    boolean run =
        fileSystem.exists(new Path(root, RECORD)) || fileSystem.exists(new Path(root, "attempts"));
    if (found.length > 0 && !run) {
      throw new InputException(
          "--out "
              + Places.shown(root.toString())
              + " holds files that are not a run's: name a new or empty folder");
    }
    if (run && mode == Mode.NEW) {
      throw new InputException(
          "--out "
              + Places.shown(root.toString())
              + " already holds a run: name another folder, or add --overwrite or --resume");
    }
  }

  private static InputException unwritable(String out, Exception e) {
    return new InputException(
        "--out "
            + Places.shown(out)
            + " cannot be written ("
            + Places.reason(e)
            + "): name a folder that you can write to",
        e);
  }
}
