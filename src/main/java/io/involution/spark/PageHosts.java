package io.involution.spark;

import io.involution.failure.Places;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/**
 * The names under which Spark's pages answer. A page of somebody else's can give its own name this
 * machine's address and then have a browser here read Spark's pages for it; the request's Host
 * header still shows that name.
 */
final class PageHosts {
  private static final String FILTERS = "spark.ui.filters";
  private static final String HOSTS = "hosts";

  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]{2,45}\\]");

  private final Set<String> names;

  PageHosts(Collection<String> names) {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** Puts the check before Spark's pages, unless the user has filters of their own. */
  static void addTo(SparkConf conf) {
    if (conf.contains(FILTERS)) {
      return;
    }
    String filter = filter();
    conf.set(FILTERS, filter);
    conf.set("spark." + filter + ".param." + HOSTS, String.join(",", own(conf)));
  }

  /** Spark 4 has the servlets of Jakarta, Spark 3 those that were before. */
  private static String filter() {
    try {
      Class.forName("jakarta.servlet.Filter", false, PageHosts.class.getClassLoader());
      return JakartaHostFilter.class.getName();
    } catch (ClassNotFoundException e) {
      return "io.involution.spark.JavaxHostFilter";
    }
  }

  private static Set<String> own(SparkConf conf) {
    Set<String> names = new TreeSet<>(Set.of("localhost"));
    for (String variable : new String[] {"SPARK_PUBLIC_DNS", "SPARK_LOCAL_HOSTNAME"}) {
      String name = System.getenv(variable);
      if (name != null) {
        names.add(name);
      }
    }
    if (conf.contains("spark.driver.host")) {
      names.add(conf.get("spark.driver.host"));
    }
    try {
      InetAddress here = InetAddress.getLocalHost();
      names.add(here.getHostName());
      names.add(here.getCanonicalHostName());
    } catch (UnknownHostException e) {
      return names; // addresses and localhost are left
    }
    return names;
  }

  /** Reads the names that {@link #addTo} has given to the filter. */
  static PageHosts of(String names) {
    return new PageHosts(Arrays.asList(names.split(",")));
  }

  /** The name of the filter's parameter. */
  static String parameter() {
    return HOSTS;
  }

  /** Whether a Host header names this machine: an address, or one of its names. */
  boolean allows(String header) {
    if (header == null) {
      return false;
    }
    String host = PORT.matcher(header).replaceFirst("").toLowerCase(Locale.ROOT);
    return ADDRESS.matcher(host).matches() || names.contains(host);
  }

  /** The answer to everybody else. */
  static String refusal(String header) {
    return "Spark's pages do not answer for the host "
        + Places.shown(String.valueOf(header))
        + ": use the driver's address, or set SPARK_PUBLIC_DNS to this name";
  }
}
