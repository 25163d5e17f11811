package io.involution.spark;

import org.apache.spark.SparkConf;

/** Settings of a Spark in the test's own JVM, which talks to loopback only. */
public final class LocalSpark {
  private LocalSpark() {}

  /**
   * Makes them.
   *
   * @param name the application's name
   * @param threads how many tasks run at once
   */
  public static SparkConf conf(String name, int threads) {
    return new SparkConf(false)
        .setMaster("local[" + threads + "]")
        .setAppName(name)
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }
}
