package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
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

  @Test
  void onlyASerializerThatReadsTheJobsTypesCounts() {
    SparkConf none = new SparkConf(false);
    assertThat(SessionSettings.addTo(none)).isEmpty();
    SparkConf kryo = new SparkConf(false).set("spark.serializer", KryoSerializer.class.getName());
    assertThat(SessionSettings.addTo(kryo).orElseThrow())
        .contains("spark.serializer=" + KryoSerializer.class.getName());
    assertThat(kryo.get("spark.serializer"))
        .isEqualTo(none.get("spark.serializer"))
        .isEqualTo(JavaSerializer.class.getName());
  }

  @Test
  void whatTheUserSetsStays() {
    SparkConf conf = new SparkConf(false).set("spark.locality.wait", "7s");
    SessionSettings.addTo(conf.set("spark.redaction.regex", "mine"));
    assertThat(conf.get("spark.locality.wait")).isEqualTo("7s");
    assertThat(conf.get("spark.redaction.regex")).endsWith("|mine");
  }

  @Test
  void aConnectServerIsRefusedByTheNameOfWhatAsksForIt() {
    SparkConf plain = new SparkConf(false);
    SparkConf remote = new SparkConf(false).set("spark.remote", "sc://host");
    assertThatCode(() -> ConnectServer.refuse(plain, Map.of())).doesNotThrowAnyException();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ConnectServer.refuse(remote, Map.of()))
        .withMessageContainingAll("spark.remote", "--master");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ConnectServer.refuse(plain, Map.of("SPARK_REMOTE", "sc://host")))
        .withMessageContainingAll("SPARK_REMOTE", "--master");
  }
}
