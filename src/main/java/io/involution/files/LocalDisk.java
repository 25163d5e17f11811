package io.involution.files;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The disk of this machine. */
public final class LocalDisk implements Disk {
  private static final String NOT_SUPPORTED = notSupported();

  @Override
  public void makeFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
  }

  @Override
  public void writeNew(Path file, Content content, boolean wait) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(Channels.newOutputStream(channel));
      if (wait) {
        channel.force(true);
      }
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Whoever may write to a folder need not be able to read it, and only readers can sync it.
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).equals(NOT_SUPPORTED)) {
        throw e;
      }
    }
  }

  /** How this machine, in its language, says that a file system cannot sync a folder: EINVAL. */
  private static String notSupported() {
    try (FileChannel channel = FileChannel.open(Path.of("/proc"), StandardOpenOption.READ)) {
      channel.force(true);
      return "";
    } catch (IOException e) {
      return e instanceof FileSystemException ? "" : String.valueOf(e.getMessage());
    }
  }
}
