package io.involution.driver.provenance;

import java.util.Locale;

/**
 * A version of Spark.
 *
 * @param version such as {@code 3.5.5}
 * @param scala the Scala that it was built with, such as {@code 2.12}
 */
public record SparkBuild(String version, String scala) {

  /** Whether a job that was built for the other version runs on this one. */
  public boolean runs(SparkBuild other) {
    return minor(version).equals(minor(other.version)) && minor(scala).equals(minor(other.scala));
  }

  /** This version, for messages. */
  public String shown() {
    return String.format(Locale.ROOT, "Spark %s for Scala %s", version, minor(scala));
  }

  /** All versions that a job built for this one runs on, for messages. */
  public String wanted() {
    return String.format(Locale.ROOT, "Spark %s for Scala %s", minor(version), minor(scala));
  }

  private static String minor(String version) {
    String[] parts = version.split("\\.", -1);
    return parts.length < 2 ? version : parts[0] + "." + parts[1];
  }
}
