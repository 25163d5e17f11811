package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskProfilesTest {
  /** Where Spark refuses profiles of tasks, asking for one would end the run. */
  @ParameterizedTest
  @CsvSource({
    "local[4], false, false",
    "local, false, false",
    "'local-cluster[2,1,1024]', false, true",
    "spark://host:7077, false, true",
    "spark://host:7077, true, false",
    "yarn, false, true",
    "yarn, true, false",
    "k8s://https://host, false, true"
  })
  void areForClustersWithoutDynamicAllocation(String master, boolean dynamic, boolean known) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.dynamicAllocation.enabled", String.valueOf(dynamic));

    assertThat(TaskProfiles.knowsProfiles(conf)).isEqualTo(known);
  }
}
