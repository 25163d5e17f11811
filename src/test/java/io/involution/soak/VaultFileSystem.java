package io.involution.soak;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Files of this machine under URIs with user info: {@code vault://KEY:SECRET@host/path}. */
public final class VaultFileSystem extends RawLocalFileSystem {
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
}
