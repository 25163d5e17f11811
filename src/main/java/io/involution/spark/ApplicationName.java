package io.involution.spark;

import io.involution.failure.Places;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** The name under which people find an application again: its command and its run. */
public final class ApplicationName {
  /** A label of Kubernetes is no longer, and pages show no more. */
  static final int LONGEST = 63;

  static final String KEY = "spark.app.name";

  /** What spark-submit names an application after if nobody names it: the class or the jar. */
  private static final Pattern UNNAMED = Pattern.compile("io\\.involution\\.cli\\.Main|.*\\.jar");

  private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?");
  private static final Pattern LAST_PARTS = Pattern.compile("(?:([^/]+)/+)?([^/]+)/*$");
  private static final Pattern ODD = Pattern.compile("[^\\p{L}\\p{N}._=+/-]");

  private ApplicationName() {}

  /**
   * A command's name with the end of its folder's path, such as {@code involution train
   * runs/first}: at most {@value #LONGEST} characters, with neither secrets nor blanks nor odd
   * letters of the path.
   *
   * @param command the command's name
   * @param folder the folder of its outputs, a path or a URI, if it has one
   */
  public static String of(String command, Optional<String> folder) {
    String name = "involution " + command;
    String path = AUTHORITY.matcher(Places.shown(folder.orElse(""))).replaceFirst("");
    Matcher parts = LAST_PARTS.matcher(ODD.matcher(path).replaceAll("_"));
    if (!parts.find()) {
      return name;
    }
    int most = LONGEST - name.length() - 1;
    String last = parts.group(2);
    String both = parts.group(1) + "/" + last;
    boolean fits = parts.group(1) != null && both.length() <= most;
    return name + " " + (fits ? both : last.substring(Math.max(0, last.length() - most)));
  }

  /** Names the application, unless spark-submit was given a name. */
  static void set(SparkConf conf, String name) {
    if (UNNAMED.matcher(conf.get(KEY, "io.involution.cli.Main")).matches()) {
      conf.set(KEY, name);
    }
  }
}
