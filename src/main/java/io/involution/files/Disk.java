package io.involution.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * The steps in which files are written to a local disk. A local Hadoop file system that implements
 * this does them itself.
 */
public interface Disk {
  /**
   * Makes a folder in a folder that exists; its permissions follow the umask.
   *
   * @throws FileAlreadyExistsException when there is something of that name
   */
  void makeFolder(Path folder) throws IOException;

  /**
   * Writes a file that must not exist; its permissions follow the umask.
   *
   * @param wait whether to return only once the bytes are on the disk; the name is on the disk
   *     after {@link #syncFolder}
   * @throws FileAlreadyExistsException when there is something of that name, even a dangling link
   */
  void writeNew(Path file, Content content, boolean wait) throws IOException;

  /** Gives a file another name in the same folder; a file of that name is replaced atomically. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Returns once the names in a folder are on the disk, or at once where that cannot be asked for.
   */
  void syncFolder(Path folder) throws IOException;
}
