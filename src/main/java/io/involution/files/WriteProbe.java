package io.involution.files;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Checks whether files can be written to a folder, and leaves everything unchanged. */
public final class WriteProbe {
  private WriteProbe() {}

  /**
   * Writes a small file, reads it, and deletes it together with the folders created for it.
   *
   * @return the location, without user info
   * @throws InputException when the folder cannot be written
   */
  public static String run(String out, Configuration hadoop) {
    try {
      Path given = UserPath.of(out);
      FileSystem fileSystem = FileSystems.of(given, hadoop);
      Path folder = fileSystem.makeQualified(given);
      run(fileSystem, folder);
      return Places.shown(folder.toString());
    } catch (IllegalArgumentException | IOException e) {
      throw UserPath.refused(
          "--out %s cannot be written (%s): name a folder that you can write to", out, e, hadoop);
    }
  }

  /**
   * Does the same with a folder of a file system.
   *
   * @throws IOException when the folder cannot be written
   */
  public static void run(FileSystem fileSystem, Path folder) throws IOException {
    DurableFiles durable = new DurableFiles(fileSystem);
    // An object store makes folders with their files, and may hide those above.
    List<Path> made = durable.renames() ? missing(fileSystem, folder) : List.of();
    try {
      if (durable.renames()) {
        durable.makeFolders(folder);
      }
      write(fileSystem, durable, UserPath.in(folder, ".doctor-" + UUID.randomUUID()));
    } finally {
      for (Path path : made) {
        durable.deleteEmpty(path);
      }
    }
  }

  /** The folder and its parents that do not exist, the deepest first. */
  private static List<Path> missing(FileSystem fileSystem, Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path path = folder; path != null && !fileSystem.exists(path); path = path.getParent()) {
      missing.add(path);
    }
    return missing;
  }

  private static void write(FileSystem fileSystem, DurableFiles durable, Path file)
      throws IOException {
    byte[] bytes = "a probe of doctor\n".getBytes(StandardCharsets.UTF_8);
    try {
      durable.createNew(file, bytes);
      if (!Arrays.equals(WholeFile.read(fileSystem, file, bytes.length), bytes)) {
        throw new IOException("a file reads back as other bytes");
      }
    } finally {
      delete(fileSystem, durable, file);
    }
  }

  private static void delete(FileSystem fileSystem, DurableFiles durable, Path file)
      throws IOException {
    try {
      fileSystem.delete(file, false);
    } catch (IOException e) {
      // A store that keeps all that is written can be written.
      if (durable.renames()) {
        throw e;
      }
    }
  }

  /**
   * Why nothing can be made in a folder of this machine; empty if it can. Makes the folder.
   *
   * @param folder the folder's path
   */
  public static Optional<IOException> ofLocal(String folder) {
    try {
      var path = Files.createDirectories(java.nio.file.Path.of(folder));
      Files.delete(Files.createTempDirectory(path, "involution-"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    } catch (InvalidPathException e) {
      return Optional.of(new IOException(e.getMessage(), e));
    }
  }
}
