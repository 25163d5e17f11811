package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class YarnResourcesTest {
  @Test
  void takesGpusForYarnsOwnTypeAndNamedTypesAsTheyAre() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.executor.resource.gpu.amount", "2")
            .set("spark.yarn.executor.resource.fpga.amount", "1")
            .set("spark.yarn.am.resource.memory-mb.amount", "512")
            .set("spark.yarn.driver.resource.acme.com/tpu.amount", "1");
    assertThat(YarnResources.wanted(conf))
        .containsExactlyInAnyOrder("yarn.io/gpu", "fpga", "acme.com/tpu");
    assertThat(YarnResources.wanted(new SparkConf(false))).isEmpty();
  }

  @Test
  void asksNobodyWhereNothingIsWantedOrTheMasterIsAnother() {
    SparkConf local =
        new SparkConf(false)
            .set("spark.master", "local[2]")
            .set("spark.executor.resource.gpu.amount", "1");
    assertThatCode(() -> YarnResources.check(local)).doesNotThrowAnyException();
    SparkConf plain = new SparkConf(false).set("spark.master", "yarn");
    assertThatCode(() -> YarnResources.check(plain)).doesNotThrowAnyException();
  }

  @Test
  void namesTheTypeThatIsNotThere() {
    assertThatThrownBy(
            () -> YarnResources.require(Set.of("yarn.io/gpu"), Set.of("memory-mb", "vcores")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("YARN does not offer yarn.io/gpu, only memory-mb, vcores: ")
        .hasMessageContaining("yarn.resource-types");
    assertThatCode(() -> YarnResources.require(Set.of("fpga"), Set.of("fpga", "vcores")))
        .doesNotThrowAnyException();
  }
}
