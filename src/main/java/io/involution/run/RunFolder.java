package io.involution.run;

import io.involution.config.InputException;
import io.involution.config.Places;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run on any Hadoop file system. Only the attempt that took the folder last can
 * write to it; whoever finds that another took over is stopped at the next write. No file is
 * appended to, and nothing relies on a rename of folders: object stores have neither.
 */
public final class RunFolder {
  /**
   * Schemes where a file that is replaced could be seen half written, and where rename is atomic.
   */
  private static final Set<String> RENAMES = Set.of("file", "hdfs", "viewfs", "webhdfs");

  /** The file that makes a folder a run's. */
  public static final String RECORD = "run.json";

  /** The folder of the report. */
  public static final String REPORT = "report";

  private final Path root;
  private final FileSystem fileSystem;
  private final Attempt attempt;

  private RunFolder(Path root, FileSystem fileSystem, Attempt attempt) {
    this.root = root;
    this.fileSystem = fileSystem;
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
      FileSystem fileSystem = fileSystem(given, hadoop);
      Path root = fileSystem.makeQualified(given);
      checkContents(fileSystem, root, mode);
      if (mode == Mode.OVERWRITE) {
        fileSystem.delete(root, true);
      }
      Attempt attempt = Attempt.next(fileSystem, new Path(root, "attempts"));
      return new RunFolder(root, fileSystem, attempt);
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
      checkContents(fileSystem(root, hadoop), root, mode);
    } catch (IllegalArgumentException | IOException e) {
      throw unwritable(out, e);
    }
  }

  /** Whether a folder holds a run. */
  public static boolean holdsRun(String out, Configuration hadoop) {
    try {
      Path record = new Path(out, RECORD);
      return fileSystem(record, hadoop).exists(record);
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
      FileSystem fileSystem = fileSystem(root, hadoop);
      if (!fileSystem.exists(new Path(root, RECORD))) {
        throw new InputException(
            Places.shown(run) + " is no run's folder (no " + RECORD + " in it): check the path");
      }
      return new RunFolder(fileSystem.makeQualified(root), fileSystem, null);
    } catch (IllegalArgumentException | IOException e) {
      throw new InputException(
          Places.shown(run) + " cannot be read (" + Places.reason(e) + "): check the path", e);
    }
  }

  /** Where the folder is, without user info. */
  public String location() {
    return Places.shown(root.toString());
  }

  /** Number of the attempt that writes, from 1. */
  public int attempt() {
    return attempt.number();
  }

  /** Writes a file that nobody reads before it is complete, or before a marker says so. */
  public void write(String name, byte[] bytes) {
    attempt.check();
    create(name, bytes);
  }

  private void create(String name, byte[] bytes) {
    try (var out = fileSystem.create(new Path(root, name), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  /** Exchanges a file such that a reader finds the old or the new one whole. */
  public void replace(String name, byte[] bytes) {
    attempt.check();
    exchange(name, "." + attempt.number() + ".tmp", bytes);
  }

  /**
   * Exchanges a file of the report. Whoever can write to the folder may do so while a run goes on,
   * also without having taken the folder: nothing that a run reads is in the report.
   *
   * @param name the file's name within the report's folder
   */
  public void replaceReport(String name, byte[] bytes) {
    exchange(REPORT + "/" + name, "." + UUID.randomUUID() + ".tmp", bytes);
  }

  private void exchange(String name, String suffix, byte[] bytes) {
    String scheme = fileSystem.getUri().getScheme();
    if (!RENAMES.contains(scheme)) {
      // An object store shows a file when it is closed, and not before.
      create(name, bytes);
      return;
    }
    String temporary = name + suffix;
    create(temporary, bytes);
    try {
      if (scheme.equals("file")) {
        Files.move(local(temporary), local(name), StandardCopyOption.ATOMIC_MOVE);
      } else {
        FileContext.getFileContext(root.toUri(), fileSystem.getConf())
            .rename(new Path(root, temporary), new Path(root, name), Rename.OVERWRITE);
      }
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  private java.nio.file.Path local(String name) {
    return Paths.get(new Path(root, name).toUri().getPath());
  }

  /** A file's bytes, or empty when there is no such file. */
  public Optional<byte[]> read(String name) {
    Path path = new Path(root, name);
    try (var in = fileSystem.open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  /** Names of the files and folders in a folder, sorted; none when there is no such folder. */
  public List<String> list(String folder) {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus status : fileSystem.listStatus(new Path(root, folder))) {
        names.add(status.getPath().getName());
      }
      names.sort(null);
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", folder, e);
    }
  }

  /** Deletes a file or a folder with all that is in it. */
  public void delete(String name) {
    attempt.check();
    try {
      fileSystem.delete(new Path(root, name), true);
    } catch (IOException e) {
      throw failed("delete", name, e);
    }
  }

  /** A local file system without the hidden checksum files that Hadoop's own would leave. */
  private static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
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
              + " holds a run already: name another folder, or add --overwrite or --resume");
    }
  }

  private static InputException unwritable(String out, Exception e) {
    return new InputException(
        "--out "
            + Places.shown(out)
            + " cannot be written ("
            + Places.reason(e)
            + "): name a folder that you may write to",
        e);
  }

  private UncheckedIOException failed(String what, String name, IOException e) {
    String message = "cannot %s %s/%s: %s".formatted(what, location(), name, Places.reason(e));
    return new UncheckedIOException(message, e);
  }
}
