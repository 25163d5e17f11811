package io.involution.spark;

import io.involution.failure.InputException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * Asks YARN whether it has the resource types that a run requests. Spark only logs an unknown type,
 * and the executors start without it.
 */
final class YarnResources {
  private static final Pattern NAMED =
      Pattern.compile("spark\\.yarn\\.(?:executor|driver|am)\\.resource\\.(.+)\\.amount");
  private static final Set<String> BUILT_IN = Set.of("memory", "memory-mb", "vcores", "cores");

  private YarnResources() {}

  /**
   * Checks the resource types, if the driver runs outside the cluster.
   *
   * @throws InputException naming the type that YARN does not have
   */
  static void check(SparkConf conf) {
    Set<String> wanted = wanted(conf);
    boolean inCluster = ClusterSession.isDriverInCluster(conf);
    // An application master has no token to ask the resource manager with.
    if (conf.get("spark.master").equals("yarn") && !wanted.isEmpty() && !inCluster) {
      require(wanted, offered(SparkHadoopUtil.get().newConfiguration(conf)));
    }
  }

  /**
   * The types, in addition to memory and cores, that executors, driver or application master
   * request.
   */
  static Set<String> wanted(SparkConf conf) {
    Set<String> types = new TreeSet<>();
    if (conf.getInt("spark.executor.resource.gpu.amount", 0) > 0) {
      types.add(conf.get("spark.yarn.resourceGpuDeviceName", "yarn.io/gpu"));
    }
    for (scala.Tuple2<String, String> setting : conf.getAll()) {
      Matcher named = NAMED.matcher(setting._1());
      if (named.matches() && !BUILT_IN.contains(named.group(1))) {
        types.add(named.group(1));
      }
    }
    return types;
  }

  /** Checks that all requested types are offered. */
  static void require(Set<String> wanted, Set<String> offered) {
    for (String type : wanted) {
      if (!offered.contains(type)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "YARN does not offer %s, only %s: add it to the cluster's yarn.resource-types, or"
                    + " do not ask for it",
                type,
                String.join(", ", new TreeSet<>(offered))));
      }
    }
  }

  private static Set<String> offered(Configuration hadoop) {
    // If the resource manager is unreachable, Spark reports it, after its own timeout.
    hadoop.setLong(
        YarnConfiguration.RESOURCEMANAGER_CONNECT_MAX_WAIT_MS, Duration.ofSeconds(20).toMillis());
    try (YarnClient client = YarnClient.createYarnClient()) {
      client.init(hadoop);
      client.start();
      return client.getResourceTypeInfo().stream()
          .map(type -> type.getName())
          .collect(Collectors.toSet());
    } catch (YarnException | IOException e) {
      throw new InputException(
          "cannot ask YARN for its resource types: correct HADOOP_CONF_DIR, or check that its"
              + " resource manager is running",
          e);
    }
  }
}
