package io.involution.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Files of this machine as a full ({@code bad://full/...}) or a read-only file system. */
public final class BadFileSystem extends RawLocalFileSystem {
  private URI uri;

  @Override
  public void initialize(URI name, Configuration hadoop) throws IOException {
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    super.initialize(name, hadoop);
  }

  @Override
  public URI getUri() {
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (uri.getAuthority().equals("readonly")) {
      throw new IOException("Read-only file system");
    }
    OutputStream out = super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }
        },
        statistics);
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    if (uri.getAuthority().equals("readonly")) {
      throw new IOException("Read-only file system");
    }
    return super.mkdirs(folder);
  }
}
