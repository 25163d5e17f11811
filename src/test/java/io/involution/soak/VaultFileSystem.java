package io.involution.soak;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Files of this machine under URIs with user info: {@code vault://KEY:SECRET@host/path}. */
public final class VaultFileSystem extends WatchedFileSystem {
  @Override
  protected FSDataOutputStream created(Path file, Creation creation) throws IOException {
    return creation.create();
  }
}
