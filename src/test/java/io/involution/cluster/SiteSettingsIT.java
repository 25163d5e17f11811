package io.involution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.spark.SparkVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Settings that clusters have as their own defaults, all in one file, change nothing: neither on
 * the default Spark nor on the oldest.
 */
class SiteSettingsIT {
  /** One a line, as in a spark-defaults.conf. */
  static final List<String> SETTINGS =
      List.of(
          "spark.serializer org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrationRequired true",
          "spark.dynamicAllocation.enabled true",
          "spark.dynamicAllocation.shuffleTracking.enabled true",
          "spark.speculation true",
          "spark.speculation.quantile 0.5",
          "spark.io.compression.codec lzf",
          "spark.broadcast.compress true",
          "spark.rdd.compress true",
          "spark.network.crypto.enabled true",
          "spark.io.encryption.enabled true",
          "spark.default.parallelism 1",
          "spark.locality.wait 10s",
          "spark.driver.maxResultSize 2m",
          "spark.rpc.message.maxSize 1",
          "spark.task.maxFailures 3",
          "spark.excludeOnFailure.enabled true",
          "spark.scheduler.mode FAIR",
          "spark.cleaner.periodicGC.interval 1s",
          "spark.executor.heartbeatInterval 1s",
          "spark.executor.processTreeMetrics.enabled true",
          "spark.ui.enabled false",
          "spark.sql.ansi.enabled true",
          "spark.sql.caseSensitive true",
          "spark.sql.files.maxRecordsPerFile 1",
          "spark.sql.shuffle.partitions 1",
          "spark.sql.sources.partitionOverwriteMode dynamic");

  @TempDir private static Path folder;
  private static String expected;

  @BeforeAll
  static void runWithoutThem() {
    expected = SmallRun.inOneJvm(folder, 2, "synthetic");
  }

  @Test
  void changeNothingOnTheDefaultSpark() throws Exception {
    assertSame("default", Map.of(), SETTINGS);
  }

  @Test
  void changeNothingOnTheOldestSpark() throws Exception {
    SparkHome oldest = SparkHome.oldest(folder);
    assertSame("oldest", oldest.environment(), SETTINGS);
  }

  @Test
  void theOldestSparkHasWhateverTheJobUsesOfIt() throws Exception {
    SparkHome oldest = SparkHome.oldest(folder);
    assertThat(new Linkage(oldest).missing()).isEmpty();
  }

  /** The page on security judges the libraries that these two bring. */
  @Test
  void theirLibrariesAreThoseThatAreJudged() throws Exception {
    String page = Files.readString(Path.of("src/site/markdown/security.md"));
    Map<String, SparkHome> homes =
        Map.of(
            "4.2.0",
            new SparkHome(StandaloneCluster.sparkHome()),
            SparkVersion.OLDEST.toString(),
            SparkHome.oldest(folder));
    int judged = 0;
    for (String library : List.of("ivy", "lz4-java", "commons-compress")) {
      String row = page.lines().filter(line -> line.startsWith("| " + library)).findFirst().get();
      Matcher holds = Pattern.compile("Spark ([\\d.]+) has ([\\d.]+\\d)").matcher(row);
      while (holds.find()) {
        Path jars = homes.get(holds.group(1)).folder().resolve("jars");
        assertThat(jars.resolve(library + "-" + holds.group(2) + ".jar")).exists();
        judged++;
      }
    }
    assertThat(judged).isEqualTo(6);
  }

  private static void assertSame(String name, Map<String, String> home, List<String> settings)
      throws Exception {
    Path out = folder.resolve(name);
    try (JobProcess run = start(folder, out, home, settings)) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.err()).contains("spark.serializer=");
    }
    assertThat(RunFigures.of(out)).isEqualTo(expected);
  }

  /** Starts the small run on a local-cluster with settings of the site. */
  static JobProcess start(Path folder, Path out, Map<String, String> home, List<String> settings)
      throws IOException {
    Path site = Files.createDirectories(folder.resolve("site-" + out.getFileName()));
    Files.write(site.resolve("spark-defaults.conf"), settings);
    Files.writeString(
        site.resolve("spark-env.sh"),
        """
        export SITE_LIBRARIES="/opt/site:$SITE_UNSET"
        export OPENBLAS_CORETYPE=Prescott OPENBLAS_L2_SIZE=64
        [ -f /etc/no-such-file ] && . /etc/no-such-file
        """);
    Map<String, String> environment = new HashMap<>(home);
    environment.put("SPARK_CONF_DIR", site.toString());
    List<String> command =
        SmallRun.train(List.of("submit/local-cluster"), 2, "synthetic", out.toString());
    return JobProcess.start(folder, command, environment);
  }
}
