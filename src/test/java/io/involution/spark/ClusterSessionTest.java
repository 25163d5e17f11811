package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ClusterSessionTest {
  @Test
  void knowsADriverThatTheClusterRuns() {
    SparkConf conf = new SparkConf(false);
    assertThat(ClusterSession.isDriverInCluster(conf)).isFalse();
    conf.set("spark.submit.deployMode", "client");
    assertThat(ClusterSession.isDriverInCluster(conf)).isFalse();
    conf.set("spark.kubernetes.submitInDriver", "true");
    assertThat(ClusterSession.isDriverInCluster(conf)).isTrue();
    assertThat(
            ClusterSession.isDriverInCluster(
                new SparkConf(false).set("spark.submit.deployMode", "cluster")))
        .isTrue();
  }
}
