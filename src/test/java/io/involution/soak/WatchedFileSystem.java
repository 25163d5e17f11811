package io.involution.soak;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Files of this machine under a scheme of their own, with an eye on every file that is created. */
public abstract class WatchedFileSystem extends RawLocalFileSystem {
  private URI uri;

  /** Creates the file as the local file system does. */
  protected interface Creation {
    /** Does it. */
    FSDataOutputStream create() throws IOException;
  }

  /** A file is to be created. */
  protected abstract FSDataOutputStream created(Path file, Creation creation) throws IOException;

  @Override
  public void initialize(URI name, Configuration hadoop) throws IOException {
    uri =
        URI.create(
            name.getScheme() + "://" + (name.getAuthority() == null ? "/" : name.getAuthority()));
    super.initialize(name, hadoop);
  }

  @Override
  public URI getUri() {
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public String getScheme() {
    return getUri().getScheme();
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
    return created(
        file,
        () ->
            super.create(
                file, permission, overwrite, bufferSize, replication, blockSize, progress));
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
    return created(
        file, () -> super.create(file, overwrite, bufferSize, replication, blockSize, progress));
  }
}
