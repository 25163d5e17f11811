package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class PageHostsTest {
  @Test
  void theCheckIsAddedUnlessThereAreFilters() {
    SparkConf none = new SparkConf(false);
    PageHosts.addTo(none);
    assertThat(none.get("spark.ui.filters")).endsWith("HostFilter");

    SparkConf own = new SparkConf(false).set("spark.ui.filters", "a.B");
    PageHosts.addTo(own);
    assertThat(own.getAll()).hasSize(1);
    assertThat(own.get("spark.ui.filters")).isEqualTo("a.B");
  }
}
