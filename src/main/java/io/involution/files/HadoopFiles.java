package io.involution.files;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.ipc.RemoteException;

/** Files that are written through Hadoop's own streams, not to the local disk. */
final class HadoopFiles {
  private static final Set<String> HDFS = Set.of("hdfs", "viewfs");
  private static final int BUFFER = 4096;

  /** The second, which the client's jar lacks, if the other has been silent for a minute. */
  private static final Set<String> BEING_WRITTEN =
      Set.of(
          "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException",
          "org.apache.hadoop.hdfs.protocol.RecoveryInProgressException");

  private final FileSystem fileSystem;

  HadoopFiles(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /**
   * Writes a file.
   *
   * @throws FileAlreadyExistsException when it exists, or another process is writing it
   */
  void write(Path file, Content content, boolean overwrite, Durability durability)
      throws IOException {
    boolean wait = durability == Durability.ON_DISK;
    boolean sync = wait && HDFS.contains(fileSystem.getUri().getScheme());
    try (FSDataOutputStream out =
        sync ? synced(file, overwrite) : fileSystem.create(file, overwrite)) {
      writeOrAbort(out, content);
      if (wait && out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    } catch (FSError e) {
      // Hadoop's own local file system says so that a disk is full.
      throw new IOException(Optional.ofNullable(e.getCause()).orElse(e).getMessage(), e);
    } catch (IOException e) {
      throw isBeingWritten(e) ? existing(file, e) : e;
    }
  }

  /** Gives a file another name, in the place of the file that may have it. */
  void rename(Path from, Path to) throws IOException {
    if (HDFS.contains(fileSystem.getUri().getScheme())) {
      FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf())
          .rename(from, to, Rename.OVERWRITE);
    } else {
      new Replacing(fileSystem).replace(from, to);
    }
  }

  /**
   * The file system's own way to replace a file, which only its subclasses may call. A file context
   * would delete and rename even where the server replaces in one step, as WebHDFS does, and would
   * open the file system once more.
   */
  private static final class Replacing extends FilterFileSystem {
    private Replacing(FileSystem fileSystem) {
      super(fileSystem);
    }

    private void replace(Path from, Path to) throws IOException {
      rename(from, to, Rename.OVERWRITE);
    }
  }

  /** What is half written must not become a file when the stream is closed. */
  private static void writeOrAbort(FSDataOutputStream out, Content content) throws IOException {
    try {
      content.writeTo(out);
    } catch (IOException | RuntimeException | Error e) {
      if (out.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
        out.abort();
      }
      throw e;
    }
  }

  /** A file of HDFS whose blocks are synced to the disks of the data nodes when they end. */
  private FSDataOutputStream synced(Path file, boolean overwrite) throws IOException {
    EnumSet<CreateFlag> flags = EnumSet.of(CreateFlag.CREATE, CreateFlag.SYNC_BLOCK);
    if (overwrite) {
      flags.add(CreateFlag.OVERWRITE);
    }
    FsPermission mask = FsPermission.getUMask(fileSystem.getConf());
    return fileSystem.create(
        file,
        FsPermission.getFileDefault().applyUMask(mask),
        flags,
        fileSystem.getConf().getInt("io.file.buffer.size", BUFFER),
        fileSystem.getDefaultReplication(file),
        fileSystem.getDefaultBlockSize(file),
        null);
  }

  /** HDFS's client hands on as it came what the server says of a file that is not closed yet. */
  private static boolean isBeingWritten(IOException e) {
    return BEING_WRITTEN.contains(
        e instanceof RemoteException told ? told.getClassName() : e.getClass().getName());
  }

  private static IOException existing(Path file, IOException e) {
    IOException existing =
        new FileAlreadyExistsException(file + " is being written by another process");
    existing.initCause(e);
    return existing;
  }
}
