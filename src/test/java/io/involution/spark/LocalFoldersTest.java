package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;

class LocalFoldersTest {
  private final SparkConf conf = new SparkConf(false).set("spark.local.dir", "/a,/b");

  @Test
  void areSparksOwn() {
    assertThat(LocalFolders.of(conf).folders()).containsExactly(Utils.getConfiguredLocalDirs(conf));
    assertThat(LocalFolders.configured(conf, Map.of())).containsExactly("/a", "/b");
  }

  @Test
  void areThoseOfTheClusterWhereItNamesThem() {
    Map<String, String> spark = Map.of("SPARK_LOCAL_DIRS", "/c,/d", "LOCAL_DIRS", "/not-yarn");
    assertThat(LocalFolders.configured(conf, spark)).containsExactly("/c", "/d");
    Map<String, String> standalone =
        Map.of("SPARK_EXECUTOR_DIRS", "/e,1:/f", "SPARK_LOCAL_DIRS", "/c");
    assertThat(LocalFolders.configured(conf, standalone)).containsExactly("/e,1", "/f");
    Map<String, String> yarn =
        Map.of("CONTAINER_ID", "1", "LOCAL_DIRS", "/g,/h", "SPARK_EXECUTOR_DIRS", "/e");
    assertThat(LocalFolders.configured(conf, yarn)).containsExactly("/g", "/h");
  }
}
