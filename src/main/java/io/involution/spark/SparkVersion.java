package io.involution.spark;

import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Spark. Vendors add parts of their own after the third number, as in {@code
 * 3.5.1-amzn-0} and {@code 3.5.1.3.3.7190}; these do not count.
 */
public record SparkVersion(int major, int minor, int patch) implements Comparable<SparkVersion> {
  /** The oldest that runs the job: 3.5.0 refuses resource profiles of tasks. */
  public static final SparkVersion OLDEST = new SparkVersion(3, 5, 1);

  /** The newest that the job has been tested with, of which the patch does not count. */
  public static final SparkVersion NEWEST = new SparkVersion(4, 2, 0);

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\D.*)?", Pattern.DOTALL);

  /** Requires numbers that are not negative. */
  public SparkVersion {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException(Arrays.asList(major, minor, patch) + " is not a version");
    }
  }

  /** The numbers of a version as Spark writes it; empty if it begins with none. */
  static Optional<SparkVersion> parse(String version) {
    Matcher matcher = NUMBERS.matcher(version.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String patch = matcher.group(3) == null ? "0" : matcher.group(3);
    return Optional.of(
        new SparkVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(patch)));
  }

  /**
   * Checks the Spark that the job runs on.
   *
   * @param version as Spark writes it
   * @return what to warn of; empty if the version has been tested
   * @throws InputException if it is too old
   */
  public static Optional<String> check(String version) {
    Optional<SparkVersion> here = parse(version);
    if (here.isEmpty()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "this Spark calls itself version '%s', which tells nothing: the job needs %s or"
                  + " newer",
              version,
              OLDEST));
    }
    if (here.get().compareTo(OLDEST) < 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "this is Spark %s, and the job needs %s or newer: point SPARK_HOME to one",
              version,
              OLDEST));
    }
    boolean newer = here.get().release().compareTo(NEWEST.release()) > 0;
    return newer
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "this is Spark %s, and the job has been tested up to %d.%d",
                version,
                NEWEST.major,
                NEWEST.minor))
        : Optional.empty();
  }

  private SparkVersion release() {
    return new SparkVersion(major, minor, 0);
  }

  @Override
  public int compareTo(SparkVersion other) {
    return Comparator.comparingInt(SparkVersion::major)
        .thenComparingInt(SparkVersion::minor)
        .thenComparingInt(SparkVersion::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
