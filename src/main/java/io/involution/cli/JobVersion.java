package io.involution.cli;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;
import java.util.jar.Attributes;
import picocli.CommandLine.IVersionProvider;

/** Which version of the job this is, as the manifest of its jar says. */
final class JobVersion implements IVersionProvider {
  private static final String UNKNOWN = "unknown";

  /** The job's version; unknown outside a jar. */
  static String version() {
    return attribute(Attributes.Name.IMPLEMENTATION_VERSION.toString()).orElse(UNKNOWN);
  }

  /** The commit that it was built from; unknown outside a jar. */
  static String commit() {
    return attribute("Build-Commit").orElse(UNKNOWN);
  }

  @Override
  public String[] getVersion() {
    return new String[] {"involution-spark " + version() + " (" + commit() + ")"};
  }

  private static Optional<String> attribute(String name) {
    URL url = JobVersion.class.getResource("JobVersion.class");
    try {
      URLConnection connection = url.openConnection();
      return connection instanceof JarURLConnection jar
          ? Optional.ofNullable(jar.getMainAttributes().getValue(name))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
