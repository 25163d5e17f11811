package io.involution.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.factory.Nd4j;
import scala.Option;

/** A job on Spark and ND4J that says where it runs and ends as it is told to. */
public final class ProbeJob {
  private static final String SPILLED = "words that somebody looks for on a disk";

  private ProbeJob() {}

  /** Arguments: probe, then an exit code or "wait". */
  public static void main(String[] arguments) throws InterruptedException {
    SparkConf settings = new SparkConf().setAppName("probe").set("spark.rdd.compress", "false");
    try (JavaSparkContext context = new JavaSparkContext(settings)) {
      context.parallelize(List.of(1, 2), 2).map(ProbeJob::describe).collect().stream()
          .distinct()
          .forEach(System.out::println);
      System.out.println("master=" + context.master());
      System.out.println("on disk=" + onDisk(context));
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

  /** Whether a cached block can be read in the files of those who have it. */
  private static String onDisk(JavaSparkContext context) {
    JavaRDD<String> blocks = context.parallelize(List.of(1, 2), 2).map(number -> SPILLED + number);
    blocks.persist(StorageLevel.DISK_ONLY()).count();
    return context.parallelize(List.of(1, 2), 2).map(ProbeJob::ofBlocks).collect().stream()
        .filter(found -> !found.isEmpty())
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static String ofBlocks(int number) {
    boolean plain = false;
    long files = 0;
    for (String folder : SparkEnv.get().blockManager().diskBlockManager().localDirsString()) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        for (Path file : all.filter(each -> each.toString().contains("rdd_")).toList()) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          plain |= text.contains(SPILLED);
          files++;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files == 0 ? "" : plain ? "plain" : "encrypted";
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
