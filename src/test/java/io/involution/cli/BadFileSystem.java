package io.involution.cli;

import io.involution.soak.WatchedFileSystem;
import java.io.FilterOutputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Files of this machine as a full ({@code bad://full/...}) or a read-only file system. */
public final class BadFileSystem extends WatchedFileSystem {
  @Override
  protected FSDataOutputStream created(Path file, Creation creation) throws IOException {
    if (isReadOnly()) {
      throw new IOException("Read-only file system");
    }
    return new FSDataOutputStream(
        new FilterOutputStream(creation.create()) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }
        },
        statistics);
  }

  private boolean isReadOnly() {
    return getUri().getAuthority().equals("readonly");
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    if (isReadOnly()) {
      throw new IOException("Read-only file system");
    }
    return super.mkdirs(folder);
  }
}
