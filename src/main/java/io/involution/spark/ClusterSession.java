package io.involution.spark;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.failure.Shortage;
import io.involution.monitoring.MonitoringPlugin;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.package$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job's connection to its cluster; the only place that creates a Spark context. */
public final class ClusterSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSession.class);

  private static final String REACH =
      ": correct --master, or make sure that it runs and can be reached from here";

  private final JavaSparkContext context;

  private ClusterSession(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Connects with the settings of spark-submit.
   *
   * @param name the application's name, unless spark-submit was given one
   * @throws InputException when this Spark is too old, there is no master to connect to, or Spark
   *     rejects the settings
   */
  public static ClusterSession open(String name) {
    return open(name, Map.of());
  }

  /**
   * Connects with the settings of spark-submit.
   *
   * @param name the application's name, unless spark-submit was given one
   * @param settings Spark settings, unless spark-submit sets others
   * @throws InputException when this Spark is too old, there is no master to connect to, or Spark
   *     rejects the settings
   */
  public static ClusterSession open(String name, Map<String, String> settings) {
    SparkVersion.check(package$.MODULE$.SPARK_VERSION()).ifPresent(LOG::warn);
    SparkConf conf = new SparkConf();
    ConnectServer.refuse(conf, System.getenv());
    if (!conf.contains("spark.master")) {
      throw new InputException(
          "no Spark master is set: start the job with submit/local or with spark-submit --master");
    }
    ApplicationName.set(conf, name);
    settings.forEach(conf::setIfMissing);
    SessionSettings.addTo(conf).ifPresent(LOG::warn);
    PageHosts.addTo(conf);
    MonitoringPlugin.addTo(conf);
    LocalFolders.of(conf).check();
    GpuDiscovery.check(conf);
    YarnResources.check(conf);
    return new ClusterSession(connected(conf));
  }

  /**
   * The session of a context that is someone else's: theirs to close, with their settings.
   *
   * @throws InputException when this Spark is too old
   */
  public static ClusterSession of(JavaSparkContext context) {
    SparkVersion.check(context.version()).ifPresent(LOG::warn);
    return new ClusterSession(context);
  }

  private static JavaSparkContext connected(SparkConf conf) {
    try {
      return new JavaSparkContext(conf);
    } catch (Exception | Error e) {
      if (Shortage.of(e).isPresent()) {
        throw new RunFailedException(
            "Spark does not start: " + LocalFolders.of(conf).problem(e), e);
      }
      // Scala does not declare exceptions, so checked ones such as SparkException can be thrown
      // here; an IOException can come from a setting's value, such as a missing event log folder.
      if (e instanceof SparkException
          || e instanceof IllegalArgumentException
          || e instanceof IOException) {
        throw new InputException(
            "Spark does not start (" + Places.reason(e) + "): correct --master or the settings", e);
      }
      if (conf.get("spark.master").startsWith("spark://") && isOfStoppedContext(e)) {
        throw new InputException(
            unreachable(conf.get("spark.master")) + " (" + Places.reason(e) + ")" + REACH, e);
      }
      throw e;
    }
  }

  /**
   * What Spark's own code runs into when it has given up a standalone master meanwhile and stopped
   * the context, and nothing that others throw.
   */
  static boolean isOfStoppedContext(Throwable failure) {
    return (failure instanceof NullPointerException || failure instanceof IllegalStateException)
        && Arrays.stream(failure.getStackTrace())
            .map(StackTraceElement::getClassName)
            .filter(name -> !name.startsWith("java.") && !name.startsWith("scala."))
            .findFirst()
            .filter(name -> name.startsWith("org.apache.spark."))
            .isPresent();
  }

  private static String unreachable(String master) {
    return "Spark has given up the master " + Places.shown(master);
  }

  /**
   * Makes sure that Spark has not ended the application by itself.
   *
   * @throws InputException when it has, since it does not reach its master
   */
  void requireAlive() {
    if (context.sc().isStopped()) {
      throw new InputException(unreachable(context.master()) + REACH);
    }
  }

  /** Whether driver and executors are one JVM. */
  public boolean isLocal() {
    return isLocal(context.master());
  }

  /** Whether all executors see the driver's files: one JVM, or JVMs of one machine. */
  public boolean isOneMachine() {
    return isOneMachine(context.master());
  }

  /** Whether the driver runs inside the cluster, on a machine that is not known beforehand. */
  public boolean isDriverInCluster() {
    return isDriverInCluster(context.getConf());
  }

  /**
   * Whether the driver runs inside the cluster.
   *
   * @param conf the settings of spark-submit
   */
  public static boolean isDriverInCluster(SparkConf conf) {
    // On Kubernetes, spark-submit runs again in the driver's pod, in client mode.
    return conf.get("spark.submit.deployMode", "client").equals("cluster")
        || conf.getBoolean("spark.kubernetes.submitInDriver", false);
  }

  static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  static boolean isOneMachine(String master) {
    return isLocal(master) || master.startsWith("local-cluster[");
  }

  /** The Spark context. */
  public JavaSparkContext context() {
    return context;
  }

  /** Settings of the Hadoop file systems. */
  public Configuration hadoop() {
    return context.hadoopConfiguration();
  }

  /** The cluster, for the run's record. */
  public ClusterRecord record(int slots) {
    return new ClusterRecord(
        context.version(), Places.shown(context.master()), context.sc().applicationId(), slots);
  }

  /**
   * The cluster that a run used.
   *
   * @param sparkVersion Spark's version
   * @param master the master's URL
   * @param applicationId Spark's ID of the application
   * @param taskSlots tasks that could run at once when the run started
   */
  public record ClusterRecord(
      String sparkVersion, String master, String applicationId, int taskSlots) {}

  /** Ends the application. */
  @Override
  public void close() {
    context.close();
  }
}
