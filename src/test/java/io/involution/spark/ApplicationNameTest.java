package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cli.Main;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', involution train",
    "/, involution train",
    "first, involution train first",
    "runs/20261127-035345, involution train runs/20261127-035345",
    "hdfs:///runs/first/, involution train runs/first",
    "s3a://bucket/first, involution train first",
    "s3a://id:key@bucket/runs//first, involution train runs/first",
    "file:/home/me/runs/first, involution train runs/first",
    "'/data/a b/<b x=\"y\">', involution train a_b/_b_x=_y__",
    "/data/runs/a%20b\u0007\u202eb, involution train runs/a_20b__b",
    "/data/runs/\u00fcber-2, involution train runs/\u00fcber-2",
    "/data/runs/date=2026-11-27, involution train runs/date=2026-11-27",
    "/data/runs/token=abc, involution train runs/token=___"
  })
  void endsWithTheEndOfTheFoldersPath(String folder, String expected) {
    assertThat(ApplicationName.of("train", Optional.of(folder))).isEqualTo(expected);
  }

  @Test
  void isShortEnoughForALabel() {
    String folder = "a".repeat(30);
    assertThat(ApplicationName.of("train", Optional.of(folder + "/" + folder)))
        .isEqualTo("involution train " + folder);
    assertThat(ApplicationName.of("train", Optional.of("runs/" + "a".repeat(300) + "b")))
        .isEqualTo("involution train " + "a".repeat(ApplicationName.LONGEST - 18) + "b");
    assertThat(ApplicationName.of("plan", Optional.empty())).isEqualTo("involution plan");
  }

  @Test
  void replacesWhatSparkSubmitNamesAnApplicationAfter() {
    assertThat(named(new SparkConf(false))).isEqualTo("ours");
    assertThat(named(new SparkConf(false).setAppName(Main.class.getName()))).isEqualTo("ours");
    assertThat(named(new SparkConf(false).setAppName("involution-spark.jar"))).isEqualTo("ours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mine", "Main", "involution"})
  void leavesTheUsersName(String name) {
    assertThat(named(new SparkConf(false).setAppName(name))).isEqualTo(name);
  }

  private static String named(SparkConf conf) {
    ApplicationName.set(conf, "ours");
    return conf.get("spark.app.name");
  }
}
