package io.involution.driver.provenance;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;
import java.util.jar.Attributes;
import picocli.CommandLine.IVersionProvider;

/** The version of the job, according to the manifest of its jar. */
public final class JobVersion implements IVersionProvider {
  private static final String UNKNOWN = "unknown";

  /** The job's version; unknown outside a jar. */
  public static String version() {
    return attribute(Attributes.Name.IMPLEMENTATION_VERSION.toString()).orElse(UNKNOWN);
  }

  /** The commit that it was built from; unknown outside a jar. */
  public static String commit() {
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
          ? Optional.ofNullable(jar.getMainAttributes()).map(all -> all.getValue(name))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
