package io.involution.spark;

import io.involution.config.value.HostNames;
import io.involution.failure.Places;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkConf;

/** The names under which Spark's pages answer. */
final class PageHosts {
  private static final String FILTERS = "spark.ui.filters";

  /** The filter's parameter. */
  static final String HOSTS = "hosts";

  private PageHosts() {}

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
    } catch (ClassNotFoundException absent) {
      return "io.involution.spark.JavaxHostFilter";
    }
  }

  private static Set<String> own(SparkConf conf) {
    Set<String> names = new TreeSet<>();
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
    } catch (UnknownHostException unresolved) {
      return names; // addresses and localhost are left
    }
    return names;
  }

  /** The names that {@link #addTo} has given to the filter. */
  static HostNames of(String names) {
    return HostNames.of(Arrays.asList(names.split(",", -1)));
  }

  /** The answer to a request for another host. */
  static String refusal(String header) {
    return "Spark's pages do not answer for the host "
        + Places.shown(String.valueOf(header))
        + ": use the driver's address, or set SPARK_PUBLIC_DNS to this name";
  }
}
