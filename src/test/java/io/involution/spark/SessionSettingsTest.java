package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which copies of the job jar Spark makes. */
class SessionSettingsTest {
  private static final String JARS = "spark.jars";
  private static final String CACHE = "spark.files.useFetchCache";

  private static SparkConf conf(String master) {
    SparkConf conf = new SparkConf(false).setMaster(master).set(JARS, "file:/job.jar");
    SessionSettings.addTo(conf);
    return conf;
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[2]", "local[*]"})
  void oneJvmNeedsNone(String master) {
    assertThat(conf(master).contains(JARS)).isFalse();
  }

  @Test
  void executorsOnOneMachineShareNoCache() {
    SparkConf conf = conf("local-cluster[2,1,1024]");
    assertThat(conf.get(JARS)).isEqualTo("file:/job.jar");
    assertThat(conf.get(CACHE)).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://host:7077", "yarn", "k8s://https://host"})
  void clustersGetTheJarsAsSparkHasIt(String master) {
    assertThat(conf(master).get(JARS)).isEqualTo("file:/job.jar");
    assertThat(conf(master).contains(CACHE)).isFalse();
  }
}
