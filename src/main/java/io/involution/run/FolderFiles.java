package io.involution.run;

import io.involution.data.FileSystems;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** The files below a folder of any Hadoop file system; what fails names the file and the fix. */
public final class FolderFiles {
  /**
   * Schemes where a file that is replaced could be seen half written, and where rename and the
   * creation of a file that must not exist are atomic.
   */
  static final Set<String> RENAMES = Set.of("file", "hdfs", "viewfs", "webhdfs");

  private static final String ROOM =
      "make sure that it can be reached and written and has free space, then ";
  private static final String REACH = "make sure that it can be reached, then try again";

  private final FileSystem fileSystem;
  private final Path root;
  private final String again;

  FolderFiles(FileSystem fileSystem, Path root) {
    this(fileSystem, root, "resume with --resume");
  }

  private FolderFiles(FileSystem fileSystem, Path root, String again) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.again = again;
  }

  /**
   * The files below a folder, which need not exist.
   *
   * @param folder its URI or path
   * @param again what to do once a file that could not be written can be, for the error line
   * @param hadoop settings of the file system
   * @throws InputException when the URI names no file system that can be reached
   */
  public static FolderFiles at(String folder, String again, Configuration hadoop) {
    try {
      Path given = new Path(folder);
      FileSystem fileSystem = FileSystems.plain(given, hadoop);
      return new FolderFiles(fileSystem, fileSystem.makeQualified(given), again);
    } catch (IllegalArgumentException | IOException e) {
      throw new InputException(
          "%s cannot be reached (%s): check the path"
              .formatted(Places.shown(folder), Places.reason(e)),
          e);
    }
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  /** The path of a file or folder; that of the folder itself for an empty name. */
  Path path(String name) {
    return name.isEmpty() ? root : new Path(root, name);
  }

  /** The URI of a file or folder, user info included. */
  public String uri(String name) {
    return path(name).toString();
  }

  /** Where the folder is, without user info. */
  public String location() {
    return Places.shown(root.toString());
  }

  /** Writes a file; a reader may see it half written where the file system shows it so. */
  public void create(String name, byte[] bytes) {
    try (var out = fileSystem.create(path(name), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw failed("write", name, e, ROOM + again);
    }
  }

  /**
   * Exchanges a file such that a reader finds the old or the new one whole.
   *
   * @param suffix what makes the temporary file's name the writer's own
   * @param check called when all but the exchange itself is done
   */
  public void exchange(String name, String suffix, byte[] bytes, Runnable check) {
    String scheme = fileSystem.getUri().getScheme();
    if (!RENAMES.contains(scheme)) {
      // An object store shows a file when it is closed, and not before.
      create(name, bytes);
      return;
    }
    String temporary = name + suffix;
    create(temporary, bytes);
    check.run();
    try {
      if (scheme.equals("file")) {
        Files.move(local(temporary), local(name), StandardCopyOption.ATOMIC_MOVE);
      } else {
        FileContext.getFileContext(root.toUri(), fileSystem.getConf())
            .rename(path(temporary), path(name), Rename.OVERWRITE);
      }
    } catch (IOException e) {
      throw failed("write", name, e, ROOM + again);
    }
  }

  private java.nio.file.Path local(String name) {
    return Paths.get(path(name).toUri().getPath());
  }

  /** A file's bytes, or empty when there is no such file. */
  public Optional<byte[]> read(String name) {
    try (var in = fileSystem.open(path(name))) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", name, e, REACH);
    }
  }

  /** Names of the files and folders in a folder, sorted; none when there is no such folder. */
  public List<String> list(String folder) {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus status : fileSystem.listStatus(path(folder))) {
        names.add(status.getPath().getName());
      }
      names.sort(null);
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", folder, e, REACH);
    }
  }

  /** Deletes a file or a folder with all that is in it. */
  public void delete(String name) {
    try {
      fileSystem.delete(path(name), true);
    } catch (IOException e) {
      throw failed("delete", name, e, ROOM + again);
    }
  }

  private RunFailedException failed(String what, String name, IOException e, String fix) {
    String message =
        "cannot %s %s/%s: %s: %s".formatted(what, location(), name, Places.reason(e), fix);
    return new RunFailedException(message, e);
  }
}
