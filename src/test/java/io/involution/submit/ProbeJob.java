package io.involution.submit;

import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.factory.Nd4j;

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
    }
    if (arguments[1].equals("wait")) {
      System.out.println("waiting");
      Thread.sleep(120_000);
    }
    System.exit(Integer.parseInt(arguments[1]));
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
