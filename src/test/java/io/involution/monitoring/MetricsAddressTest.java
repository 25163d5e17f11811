package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsAddressTest {
  private static SparkConf conf(String master, String value) {
    return new SparkConf(false)
        .set("spark.master", master)
        .set("spark.driver.host", "driver.example")
        .set(MetricsAddress.SETTING, value);
  }

  @Test
  void withoutTheSettingThereIsNone() {
    assertThat(MetricsAddress.of(new SparkConf(false))).isEmpty();
    assertThat(MetricsAddress.of(conf("local", " "))).isEmpty();
  }

  /** Only this machine reaches it where it is the whole cluster. */
  @ParameterizedTest
  @CsvSource({
    "local[2], 9404, 127.0.0.1, 9404",
    "'local-cluster[2,1,1024]', 0, 127.0.0.1, 0",
    "yarn, 9404, driver.example, 9404",
    "local[2], 0.0.0.0:65535, 0.0.0.0, 65535",
    "yarn, [::1]:9404, [::1], 9404",
  })
  void listensWhereTheSettingSays(String master, String value, String host, int port) {
    assertThat(MetricsAddress.of(conf(master, value))).contains(new MetricsAddress(host, port));
  }

  @Test
  void listensWhereTheDriversOtherPortsAre() {
    SparkConf bound = conf("k8s://x", "9404").set("spark.driver.bindAddress", "10.0.0.7");
    assertThat(MetricsAddress.of(bound)).contains(new MetricsAddress("10.0.0.7", 9404));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "65536", "-1", ":9404", "host:", "host:x", "999999999999"})
  void refusesWhatIsNoPort(String value) {
    assertThatThrownBy(() -> MetricsAddress.of(conf("local", value)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "spark.involution.metrics is '"
                + value
                + "': give PORT or ADDRESS:PORT, such as 9404 or 0.0.0.0:9404");
  }
}
