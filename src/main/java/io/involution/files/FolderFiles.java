package io.involution.files;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files in a folder of any Hadoop file system; errors name the file and the fix. */
public final class FolderFiles {
  private static final String ROOM =
      "make sure that it can be reached and written and has free space";
  private static final String REACH = "make sure that it can be reached, then try again";

  private final FileSystem fileSystem;
  private final DurableFiles durable;
  private final Path root;

  /**
   * The files in a folder, which need not exist.
   *
   * @param root the folder
   */
  public FolderFiles(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.durable = new DurableFiles(fileSystem);
    this.root = root;
  }

  /**
   * The files in a folder, which need not exist.
   *
   * @param folder its URI or path
   * @param hadoop settings of the file system
   * @throws InputException when the URI does not name a reachable file system
   */
  public static FolderFiles at(String folder, Configuration hadoop) {
    try {
      Path given = UserPath.of(folder);
      FileSystem fileSystem = FileSystems.of(given, hadoop);
      return new FolderFiles(fileSystem, fileSystem.makeQualified(given));
    } catch (IllegalArgumentException | IOException e) {
      throw UserPath.refused("%s cannot be reached (%s): check the path", folder, e, hadoop);
    }
  }

  /** The file system that the folder is on. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The path of a file or folder; for an empty name, the path of the folder itself. */
  public Path path(String name) {
    return name.isEmpty() ? root : UserPath.in(root, name);
  }

  /** The URI of a file or folder, including user info. */
  public String uri(String name) {
    return path(name).toString();
  }

  /** The location of the folder, without user info. */
  public String location() {
    return Places.shown(root.toString());
  }

  /** Writes a file, or replaces it atomically. */
  public void write(String name, byte[] bytes, Durability durability) {
    replace(name, Content.of(bytes), durability, () -> {});
  }

  /**
   * Writes a file unless there is one of that name, and waits until it is on the disk. Who reads it
   * afterwards knows whose it is, as in {@link DurableFiles#claim}.
   */
  public void claim(String name, byte[] bytes) {
    try {
      durable.claim(path(name), bytes);
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException there) {
      // Then that one counts.
    } catch (IOException e) {
      throw failed("write", name, e, ROOM);
    }
  }

  /**
   * Writes a file, or replaces it atomically: a reader finds either the whole old file or the whole
   * new one.
   *
   * @param check called right before the replacement
   */
  public void replace(String name, Content content, Durability durability, Runnable check) {
    try {
      durable.replace(path(name), content, durability, check);
    } catch (IOException e) {
      throw failed("write", name, e, ROOM);
    }
  }

  /**
   * A file's bytes, or empty when there is no such file.
   *
   * @throws InputException when it is larger than any that a run writes
   */
  public Optional<byte[]> read(String name) {
    try {
      return Optional.of(WholeFile.read(fileSystem, path(name)));
    } catch (FileNotFoundException absent) {
      return Optional.empty();
    } catch (WholeFile.TooLargeException e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s is too large (%s): use another copy of it, or, for a long run's metrics, give"
                  + " the driver more memory with --driver-memory",
              location(),
              name,
              Places.reason(e)),
          e);
    } catch (IOException e) {
      throw failed("read", name, e, REACH);
    }
  }

  /**
   * Copies a file of any size to a stream, piece by piece.
   *
   * @return its length in bytes, or empty when there is no such file
   */
  public OptionalLong copy(String name, OutputStream out) {
    try (InputStream in = fileSystem.open(path(name))) {
      return OptionalLong.of(in.transferTo(out));
    } catch (FileNotFoundException absent) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw failed("read", name, e, REACH);
    }
  }

  /** A file's length in bytes, or empty when there is no such file. */
  public OptionalLong length(String name) {
    try {
      FileStatus status = fileSystem.getFileStatus(path(name));
      return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
    } catch (FileNotFoundException absent) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw failed("read", name, e, REACH);
    }
  }

  /** The names of the files and folders in a folder, sorted; empty if the folder does not exist. */
  public List<String> list(String folder) {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus status : fileSystem.listStatus(path(folder))) {
        names.add(status.getPath().getName());
      }
      names.sort(null);
      return names;
    } catch (FileNotFoundException absent) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", folder, e, REACH);
    }
  }

  /** Deletes a file, or a folder with everything in it. */
  public void delete(String name) {
    try {
      durable.delete(path(name));
    } catch (IOException e) {
      throw failed("delete", name, e, ROOM);
    }
  }

  /** Deletes a folder unless something is in it. */
  public void deleteEmpty(String name) {
    try {
      durable.deleteEmpty(path(name));
    } catch (IOException e) {
      throw failed("delete", name, e, ROOM);
    }
  }

  private RunFailedException failed(String what, String name, IOException e, String fix) {
    String message =
        String.format(
            Locale.ROOT, "cannot %s %s/%s: %s: %s", what, location(), name, Places.reason(e), fix);
    return new RunFailedException(message, e);
  }
}
