package io.involution.submit;

import java.util.List;
import java.util.Locale;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.nd4j.linalg.factory.Nd4j;
import scala.Option;

/** A job on Spark and ND4J that says where it runs and ends as it is told to. */
public final class ProbeJob {
  private ProbeJob() {}

  /** Arguments: probe, then an exit code or "wait". */
  public static void main(String[] arguments) throws InterruptedException {
    try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("probe"))) {
      context.parallelize(List.of(1, 2), 2).map(ProbeJob::describe).collect().stream()
          .distinct()
          .forEach(System.out::println);
      System.out.println("master=" + context.master());
      System.out.println(
          "without=" + outsider(context, outsiders().set("spark.authenticate", "false")));
      if (!context.isLocal()) { // where the secret belongs to all of the JVM
        SparkConf wrong = outsiders().set("spark.authenticate", "true");
        System.out.println(
            "wrong=" + outsider(context, wrong.set("spark.authenticate.secret", "no")));
      }
    }
    if (arguments[1].equals("wait")) {
      System.out.println("waiting");
      Thread.sleep(120_000);
    }
    System.exit(Integer.parseInt(arguments[1]));
  }

  private static SparkConf outsiders() {
    return new SparkConf(false).set("spark.rpc.lookupTimeout", "20s");
  }

  /** Whether the driver talks to somebody who has the secret of these settings, or none. */
  private static String outsider(JavaSparkContext context, SparkConf conf) {
    SecurityManager security =
        new SecurityManager(
            conf, Option.empty(), SecurityManager$.MODULE$.$lessinit$greater$default$3());
    RpcEnv outsider = RpcEnv.create("outsider", "127.0.0.1", 0, conf, security, true);
    try {
      String host = context.getConf().get("spark.driver.host");
      int port = Integer.parseInt(context.getConf().get("spark.driver.port"));
      outsider.setupEndpointRef(new RpcAddress(host, port), "HeartbeatReceiver");
      return "accepted";
    } catch (Exception e) {
      // Scala does not declare its exceptions.
      return e.getClass().getSimpleName().endsWith("NotFoundException") ? "accepted" : "refused";
    } finally {
      outsider.shutdown();
    }
  }

  private static String describe(int number) {
    return String.format(
        Locale.ROOT,
        "executor=%s sum=%s maxbytes=%s threads=%s",
        SparkEnv.get().executorId(),
        Nd4j.ones(3).sumNumber(),
        System.getProperty("org.bytedeco.javacpp.maxbytes"),
        System.getenv("OMP_NUM_THREADS"));
  }
}
