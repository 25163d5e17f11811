package io.involution.cli;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Settings of the Hadoop file systems for commands that need no cluster. */
final class HadoopSettings {
  private HadoopSettings() {}

  /** The settings of this JVM, including spark-submit's {@code spark.hadoop.*}. */
  static Configuration here() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }
}
