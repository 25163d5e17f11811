package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuDiscoveryTest {
  private static final String TWO = "echo '{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\"]}'";

  @TempDir private Path folder;

  private SparkConf conf(String master, String role, String script) throws IOException {
    Path file = Files.writeString(folder.resolve("discovery"), "#!/bin/sh\n" + script + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file.toString());
    }
    return new SparkConf(false)
        .set("spark.master", master)
        .set("spark." + role + ".resource.gpu.amount", "2")
        .set("spark." + role + ".resource.gpu.discoveryScript", file.toString());
  }

  private static void assertRefused(SparkConf conf, String reason) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> GpuDiscovery.check(conf))
        .withMessageContaining(reason);
  }

  @Test
  void enoughGpusAreEnough() throws IOException {
    SparkConf conf = conf("local[1]", "driver", TWO);
    assertThatCode(() -> GpuDiscovery.check(conf)).doesNotThrowAnyException();
  }

  @Test
  void whatTheScriptSaysIsTheReason() throws IOException {
    assertRefused(
        conf("local[1]", "driver", "echo noise >&2; echo 'no driver on this host' >&2; exit 1"),
        "(no driver on this host)");
    assertRefused(conf("local[1]", "driver", "exit 7"), "(exit code 7)");
    assertRefused(conf("local[1]", "driver", "echo '{}'"), "(it printed no JSON with addresses)");
  }

  @Test
  void tooFewAreRefusedWithBothNumbers() throws IOException {
    assertRefused(
        conf("local[1]", "driver", "echo '{\"addresses\": [\"0\"]}'"), "2 GPUs asked for and 1");
  }

  /** Elsewhere the workers run their scripts on hosts of their own. */
  @Test
  void theWorkersOfALocalClusterAreInThisProcess() throws IOException {
    assertRefused(conf("local-cluster[1,1,1024]", "worker", "exit 7"), "(exit code 7)");
    SparkConf elsewhere = conf("spark://host:7077", "worker", "exit 7");
    assertThatCode(() -> GpuDiscovery.check(elsewhere)).doesNotThrowAnyException();
  }

  @Test
  void aScriptThatCannotRunIsOneLine() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "local[1]")
            .set("spark.driver.resource.gpu.amount", "1")
            .set("spark.driver.resource.gpu.discoveryScript", "/nowhere/at/all");
    assertRefused(conf, "/nowhere/at/all");
  }
}
