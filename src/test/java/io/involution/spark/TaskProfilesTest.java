package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskProfilesTest {
  /** Where Spark 3.5 refuses profiles of tasks, asking for one would end the run. */
  @ParameterizedTest
  @CsvSource({
    "local[4], 3.5.5, false, false",
    "local, 3.5.5, false, false",
    "'local-cluster[2,1,1024]', 3.5.5, false, true",
    "spark://host:7077, 3.5.0, false, true",
    "spark://host:7077, 3.5.5, true, false",
    "yarn, 3.5.5, false, true",
    "yarn, 3.5.0, false, false",
    "yarn, 3.5.5, true, false",
    "k8s://https://host, 3.5.1, false, true",
    "k8s://https://host, 3.5.0, false, false"
  })
  void areForClustersWithoutDynamicAllocation(
      String master, String version, boolean dynamic, boolean known) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.dynamicAllocation.enabled", String.valueOf(dynamic));

    assertThat(TaskProfiles.knowsProfiles(conf, version)).isEqualTo(known);
  }
}
