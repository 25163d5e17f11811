package io.involution.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.Precision;
import io.involution.device.JvmFacts;
import io.involution.device.JvmFacts.Login;
import io.involution.doctor.Finding.Level;
import io.involution.spark.SparkVersion;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  @ParameterizedTest
  @CsvSource({"17.0.15, OK", "17, OK", "21.0.2, OK", "25, OK", "11.0.22, WARN", "18-ea, WARN"})
  void javaIsOneThatTheJobRunsOn(String version, Level level) {
    Login login = new Login("me", false, false, List.of());

    Finding finding = JvmChecks.java(Facts.jvm(version, login, 0));

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.found()).contains("Java " + version);
  }

  @ParameterizedTest
  @CsvSource({
    "3.5.1, OK",
    "3.5.1-amzn-0, OK",
    "3.5.1.3.3.7190, OK",
    "4.0.0-databricks, OK",
    "4.2.99, OK",
    "4.3.0-SNAPSHOT, WARN",
    "10.0.0, WARN",
    "<unknown>, WARN",
    "3.5.0, FAIL",
    "3.5, FAIL",
    "3.4.4, FAIL",
    "2.4.8, FAIL"
  })
  void sparkIsNeitherOlderNorNewerThanWhatHasBeenTested(String spark, Level level) {
    Finding finding = ClusterChecks.spark(spark, "2.13.16");

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.found() + finding.fix()).contains(spark);
    if (level == Level.FAIL) {
      assertThat(finding.found() + finding.fix()).contains("3.5.1 or newer", "SPARK_HOME");
    }
  }

  @Test
  void theDefaultSparkHasBeenTested() {
    assertThat(SparkVersion.check(package$.MODULE$.SPARK_VERSION())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "yarn, client, executor, 900m, FAIL",
        "yarn, client, executor, unset, FAIL",
        "yarn, client, executor, 1g, WARN",
        "yarn, client, executor, 1408, OK",
        "k8s://h, cluster, driver, 512m, FAIL",
        "k8s://h, client, driver, 512m, OK",
        "spark://h:7077, client, executor, unset, OK",
        "'local[2]', client, driver, unset, OK"
      })
  void containersHaveRoomForWhatIsOutsideTheHeap(
      String master, String mode, String role, String overhead, Level level) {
    SparkConf settings =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.submit.deployMode", mode)
            .set("spark.executor.memory", "1g");
    if (overhead != null) {
      settings.set("spark." + role + ".memoryOverhead", overhead);
    }

    Finding finding = new MemoryCheck(role, settings, "4.0.0").of(Facts.jvm());

    assertThat(finding.level()).isEqualTo(level);
    if (level == Level.FAIL) {
      assertThat(finding.fix()).contains("spark." + role + ".memoryOverhead=1408m");
    }
  }

  @Test
  void theDefaultOverheadIsSparksOwn() {
    SparkConf large =
        new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memory", "20g");

    assertThat(new MemoryCheck("executor", large, "4.0.0").of(Facts.jvm()).found())
        .contains("is 2,048 MiB");
  }

  @ParameterizedTest
  @CsvSource({"4.0.0, 4g, OK", "4.2.0, 512m, FAIL", "3.5.6, 4g, FAIL"})
  void theLeastOverheadIsASettingOfSpark4(String spark, String least, Level level) {
    SparkConf settings =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.memory", "1g")
            .set("spark.executor.minMemoryOverhead", least);

    assertThat(new MemoryCheck("executor", settings, spark).of(Facts.jvm()).level())
        .isEqualTo(level);
  }

  @Test
  void aGpuIsNamedAndOneThatIsNotUsedToo() {
    Finding used =
        GpuChecks.device(
            Facts.executor("1", Facts.device("1", Facts.GPU), null), Precision.FLOAT32);
    assertThat(used.level()).isEqualTo(Level.OK);
    assertThat(used.found()).contains("GPU 1 (Tesla V100, compute capability 7.0)", "driver 510.1");

    Finding unused =
        GpuChecks.device(Facts.executor("1", Facts.device("0", null), null), Precision.FLOAT32);
    assertThat(unused.level()).isEqualTo(Level.WARN);
    assertThat(unused.found()).contains("GPU 0");

    Finding cpu =
        GpuChecks.device(Facts.executor("1", Facts.device(null, null), null), Precision.FLOAT32);
    assertThat(cpu).isEqualTo(Finding.ok("device", "CPU"));
  }

  @Test
  void aGpuThatGivesOtherBitsIsNamed() {
    ExecutorFacts sound = Facts.executor("1", Facts.device("1", Facts.GPU), null);
    assertThat(GpuChecks.bits(sound).level()).isEqualTo(Level.OK);

    ExecutorFacts broken =
        new ExecutorFacts(
            "1", "host", sound.jvm(), sound.device(), null, List.of("involution 9x10"), 0, null);
    assertThat(GpuChecks.bits(broken).level()).isEqualTo(Level.FAIL);
    assertThat(GpuChecks.bits(broken).found()).contains("GPU 1", "(involution 9x10)");
    assertThat(GpuChecks.bits(broken).fix()).contains("--device cpu");
  }

  @Test
  void aDeviceThatARunWouldBeRefusedForFails() {
    Finding finding =
        GpuChecks.device(Facts.executor("1", null, "no GPU there: add one"), Precision.FLOAT32);

    assertThat(finding).isEqualTo(Finding.fail("device", "no GPU there", "add one"));
  }

  @Test
  void whoeverKerberosDoesNotKnowCannotReadAnything() {
    assertThat(login(true, false, List.of()).level()).isEqualTo(Level.FAIL);
    assertThat(login(true, false, List.of()).fix()).contains("kinit", "--principal");
    assertThat(login(true, true, List.of()).level()).isEqualTo(Level.OK);
    assertThat(login(true, false, List.of("HDFS_DELEGATION_TOKEN")).level()).isEqualTo(Level.OK);
    assertThat(login(false, false, List.of()).level()).isEqualTo(Level.OK);
  }

  private static Finding login(boolean kerberos, boolean credentials, List<String> tokens) {
    JvmFacts facts = Facts.jvm("17", new Login("me", kerberos, credentials, tokens), 0);
    return JvmChecks.login(facts);
  }

  @ParameterizedTest
  @CsvSource({"1000, OK, agree", "-9000, WARN, 10 s behind", "99000, WARN, 97 s ahead of"})
  void clocksAgreeWithTheDrivers(long clock, Level level, String found) {
    JvmFacts jvm = Facts.jvm("17", new Login("me", false, false, List.of()), clock);
    ExecutorFacts facts = new ExecutorFacts("1", "host", jvm, null, null, List.of(), 0, null);

    Finding finding = ClusterChecks.clock(facts, 1000, 2000);

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.found()).contains(found);
  }

  @Test
  void slotsBelowTheWorkersAreAWarning() {
    assertThat(ClusterChecks.slots(2, 2).level()).isEqualTo(Level.OK);
    assertThat(ClusterChecks.slots(2, 3).level()).isEqualTo(Level.WARN);
  }

  @Test
  void everyExecutorReadsTheData() {
    JvmFacts jvm = Facts.jvm();
    ExecutorFacts blind =
        new ExecutorFacts("1", "host", jvm, null, null, List.of(), 0, "gone: copy it");

    assertThat(ClusterChecks.data(blind)).isEqualTo(Finding.fail("data access", "gone", "copy it"));
    assertThat(ClusterChecks.data(Facts.executor("1", null, null)).level()).isEqualTo(Level.OK);
  }
}
