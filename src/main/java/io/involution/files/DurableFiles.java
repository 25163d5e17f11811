package io.involution.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The one place that writes files. On the local disk a file is written under a new name that nobody
 * can foresee, forced to the disk, and renamed, and its folder is forced; HDFS is told to sync; an
 * object store has a file once it is closed.
 */
public final class DurableFiles {
  /**
   * Schemes of file systems where a file that is created anew is empty at once, and filled while
   * readers see it, and where rename and exclusive creation are atomic. Azure's ABFS is one: it
   * takes a file away before another gets its name, so that for a moment there is none, which is
   * much shorter than the time to write one.
   */
  private static final Set<String> RENAMES =
      Set.of("file", "hdfs", "viewfs", "webhdfs", "swebhdfs", "abfs", "abfss");

  /** Longer than an object store takes between checking for a file and writing it. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final FileSystem fileSystem;
  private final Disk disk;
  private final HadoopFiles hadoop;

  /** Writes to a file system. */
  public DurableFiles(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.disk = fileSystem instanceof Disk own ? own : new LocalDisk();
    this.hadoop = new HadoopFiles(fileSystem);
  }

  /** Whether the file system renames and creates exclusively, both atomically. */
  public boolean renames() {
    return RENAMES.contains(scheme());
  }

  private String scheme() {
    return fileSystem.getUri().getScheme();
  }

  private boolean isLocal() {
    return scheme().equals("file");
  }

  /**
   * Writes a file or replaces it: a reader finds either the whole old file or the whole new one, on
   * ABFS perhaps none for a moment.
   *
   * @param check called right before the replacement; not where nothing is renamed
   */
  public void replace(Path file, Content content, Durability durability, Runnable check)
      throws IOException {
    if (!renames()) {
      // An object store shows a file only once it is closed.
      hadoop.write(file, content, true, durability);
      return;
    }
    Path temporary =
        UserPath.in(file.getParent(), file.getName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writeNew(temporary, content, durability);
      check.run();
      rename(temporary, file);
    } catch (IOException | RuntimeException e) {
      remove(temporary, e);
      throw e;
    }
    if (isLocal() && durability == Durability.ON_DISK) {
      disk.syncFolder(local(file).getParent());
    }
  }

  /** The same for bytes, with nothing to check. */
  public void replace(Path file, byte[] bytes, Durability durability) throws IOException {
    replace(file, Content.of(bytes), durability, () -> {});
  }

  /**
   * Creates a file and waits until it is on the disk. Where exclusive creation is not atomic, two
   * processes may both believe that they have created it.
   *
   * @throws IOException a FileAlreadyExistsException, of Java or Hadoop, when it exists
   */
  public void createNew(Path file, byte[] bytes) throws IOException {
    AtomicBoolean opened = new AtomicBoolean();
    Content content =
        out -> {
          opened.set(true);
          out.write(bytes);
        };
    try {
      writeNew(file, content, Durability.ON_DISK);
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      // Some file systems say so only when the stream is closed.
      throw e;
    } catch (IOException e) {
      // For example, the disk is full: leave no partial file behind, and delete nobody else's.
      if (opened.get()) {
        remove(file, e);
      }
      throw e;
    }
    if (isLocal()) {
      disk.syncFolder(local(file).getParent());
    }
  }

  /**
   * Creates a file that says who was first. On an object store two processes may both have created
   * it: this waits until neither can any more, and the content shows whose it is.
   *
   * @throws IOException a FileAlreadyExistsException, of Java or Hadoop, when it exists
   */
  public void claim(Path file, byte[] bytes) throws IOException {
    createNew(file, bytes);
    if (renames()) {
      return;
    }
    try {
      Thread.sleep(SETTLE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while taking a folder", e);
    }
  }

  private void writeNew(Path file, Content content, Durability durability) throws IOException {
    if (!isLocal()) {
      hadoop.write(file, content, false, durability);
      return;
    }
    java.nio.file.Path local = local(file);
    makeFolders(local.getParent(), durability);
    disk.writeNew(local, content, durability == Durability.ON_DISK);
  }

  private void rename(Path from, Path to) throws IOException {
    if (isLocal()) {
      disk.rename(local(from), local(to));
    } else {
      hadoop.rename(from, to);
    }
  }

  /** Makes a folder and those above it that are missing. */
  public void makeFolders(Path folder) throws IOException {
    if (isLocal()) {
      makeFolders(local(folder), Durability.ON_DISK);
    } else {
      fileSystem.mkdirs(folder);
    }
  }

  private void makeFolders(java.nio.file.Path folder, Durability durability) throws IOException {
    Deque<java.nio.file.Path> missing = new ArrayDeque<>();
    java.nio.file.Path above = folder;
    while (above != null && !Files.isDirectory(above)) {
      missing.push(above);
      above = above.getParent();
    }
    for (java.nio.file.Path next : missing) {
      try {
        disk.makeFolder(next);
      } catch (FileAlreadyExistsException e) {
        // Another process has made it in the meantime.
        if (!Files.isDirectory(next)) {
          throw new NotDirectoryException(next.toString());
        }
      }
      if (durability == Durability.ON_DISK) {
        disk.syncFolder(next.getParent());
      }
    }
  }

  /** Deletes a file, or a folder with everything in it; links are not followed. */
  public void delete(Path path) throws IOException {
    fileSystem.delete(path, true);
  }

  /** Deletes a folder if it is empty: what others have put into it in the meantime stays. */
  public void deleteEmpty(Path folder) throws IOException {
    if (fileSystem.exists(folder) && fileSystem.listStatus(folder).length == 0) {
      fileSystem.delete(folder, false);
    }
  }

  /** Whether a path is a link on the local disk, even one to a folder. */
  public boolean isLink(Path path) {
    return isLocal() && Files.isSymbolicLink(local(path));
  }

  /** Waits until what has been deleted from a folder can no longer come back. */
  public void syncDeletions(Path folder) throws IOException {
    if (!isLocal()) {
      return;
    }
    try {
      disk.syncFolder(local(folder));
    } catch (NoSuchFileException e) {
      // It is gone itself.
    }
  }

  private void remove(Path file, Exception why) {
    try {
      fileSystem.delete(file, false);
    } catch (IOException | RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private static java.nio.file.Path local(Path file) {
    return Paths.get(file.toUri().getPath());
  }
}
