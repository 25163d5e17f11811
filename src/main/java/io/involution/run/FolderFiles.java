package io.involution.run;

import io.involution.config.Places;
import io.involution.config.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** The files below a folder of any Hadoop file system; what fails names the file and the fix. */
final class FolderFiles {
  /**
   * Schemes where a file that is replaced could be seen half written, and where rename and the
   * creation of a file that must not exist are atomic.
   */
  static final Set<String> RENAMES = Set.of("file", "hdfs", "viewfs", "webhdfs");

  private static final String ROOM =
      "see that it can be reached, may be written and has room, then go on with --resume";
  private static final String REACH = "see that it can be reached, then try again";

  private final FileSystem fileSystem;
  private final Path root;

  FolderFiles(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
  }

  /** Where the folder is, without user info. */
  String location() {
    return Places.shown(root.toString());
  }

  /** Writes a file; a reader may see it half written where the file system shows it so. */
  void create(String name, byte[] bytes) {
    try (var out = fileSystem.create(new Path(root, name), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw failed("write", name, e, ROOM);
    }
  }

  /**
   * Exchanges a file such that a reader finds the old or the new one whole.
   *
   * @param suffix what makes the temporary file's name the writer's own
   * @param check called when all but the exchange itself is done
   */
  void exchange(String name, String suffix, byte[] bytes, Runnable check) {
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
            .rename(new Path(root, temporary), new Path(root, name), Rename.OVERWRITE);
      }
    } catch (IOException e) {
      throw failed("write", name, e, ROOM);
    }
  }

  private java.nio.file.Path local(String name) {
    return Paths.get(new Path(root, name).toUri().getPath());
  }

  /** A file's bytes, or empty when there is no such file. */
  Optional<byte[]> read(String name) {
    try (var in = fileSystem.open(new Path(root, name))) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", name, e, REACH);
    }
  }

  /** Names of the files and folders in a folder, sorted; none when there is no such folder. */
  List<String> list(String folder) {
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
      throw failed("list", folder, e, REACH);
    }
  }

  /** Deletes a file or a folder with all that is in it. */
  void delete(String name) {
    try {
      fileSystem.delete(new Path(root, name), true);
    } catch (IOException e) {
      throw failed("delete", name, e, ROOM);
    }
  }

  private RunFailedException failed(String what, String name, IOException e, String fix) {
    String message =
        "cannot %s %s/%s: %s: %s".formatted(what, location(), name, Places.reason(e), fix);
    return new RunFailedException(message, e);
  }
}
