package io.involution.files;

import io.involution.soak.WatchedFileSystem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Files of this machine as {@code slow:///path}. The first time that a file in a folder named
 * {@code slow} is opened, or a folder named {@code busy} is listed, there is no answer.
 */
public final class SlowFileSystem extends WatchedFileSystem {
  private static final Set<Path> ASKED = ConcurrentHashMap.newKeySet();

  /** Makes it known. */
  public static void register(Configuration hadoop) {
    hadoop.set("fs.slow.impl", SlowFileSystem.class.getName());
  }

  @Override
  protected FSDataOutputStream created(Path file, Creation creation) throws IOException {
    return creation.create();
  }

  @Override
  public FSDataInputStream open(Path file, int buffer) throws IOException {
    answer(file, file.getParent().getName().equals("slow"));
    return super.open(file, buffer);
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    answer(folder, folder.getName().equals("busy"));
    return super.listStatus(folder);
  }

  private static void answer(Path path, boolean slow) throws IOException {
    if (slow && ASKED.add(path)) {
      throw new SocketTimeoutException("no answer");
    }
  }
}
