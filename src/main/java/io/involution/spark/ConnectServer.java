package io.involution.spark;

import io.involution.failure.InputException;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Spark Connect: a server that runs its clients' queries. The job has tasks of its own and needs a
 * Spark context, which these clients do not have.
 */
final class ConnectServer {
  private static final String SETTING = "spark.remote";
  private static final String VARIABLE = "SPARK_REMOTE";

  private ConnectServer() {}

  /**
   * Refuses a session with such a server.
   *
   * @param environment the variables of this process
   * @throws InputException naming what asks for one
   */
  static void refuse(SparkConf conf, Map<String, String> environment) {
    if (conf.contains(SETTING) || environment.containsKey(VARIABLE)) {
      throw new InputException(
          (conf.contains(SETTING) ? SETTING : VARIABLE)
              + " asks for a Spark Connect server, which runs queries and not this job: leave it"
              + " out (--remote too) and name a cluster with --master");
    }
  }
}
