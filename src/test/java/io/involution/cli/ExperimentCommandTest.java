package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What the experiment command refuses before it needs a cluster. */
class ExperimentCommandTest {
  @TempDir private Path folder;
  private String file;

  @BeforeEach
  void write() throws IOException {
    Path conf = folder.resolve("m.conf");
    Files.writeString(conf, "experiment { name = m }");
    file = conf.toString();
  }

  private static String error(String... arguments) {
    return Called.command(arguments).error();
  }

  @Test
  void theFileIsNeeded() {
    assertThat(error("experiment")).contains("needs a FILE", "conf/experiments");
    assertThat(error("experiment", folder.resolve("no.conf").toString())).contains("no.conf");
  }

  @Test
  void optionsAreChecked() {
    assertThat(error("experiment", file, "--time-limit", "8")).contains("--time-limit is '8'");
    assertThat(error("experiment", file, "--parallel", "0")).contains("--parallel is 0");
    assertThat(error("experiment", file, "--max-cells", "0")).contains("--max-cells is 0");
    assertThat(error("experiment", file, "--out", "x/{team}")).contains("{team}", "--set team=");
    assertThat(error("experiment", file, "--slot", "../x")).contains("--slot is '../x'");
    assertThat(error("experiment", file, "--out", "")).contains("--out is empty");
  }

  /** The driver's own folders are lost when it ends. */
  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void aDriverInTheClusterNeedsAFolderThatLasts() throws IOException {
    Path named = folder.resolve("named.conf");
    Files.writeString(named, "experiment { name = m, out = \"file:/x/{team}\" }");
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThat(error("experiment", file)).contains("inside the cluster", "--out");
      // Found out after that: both name a folder.
      assertThat(error("experiment", named.toString())).contains("{team}");
      assertThat(error("experiment", file, "--out", "x/{team}")).contains("{team}");
    } finally {
      System.clearProperty("spark.submit.deployMode");
    }
  }

  @Test
  void statusAndTableNeedAnExperiment() {
    String nowhere = folder.resolve("nowhere").toString();
    assertThat(error("experiment", "status", nowhere)).contains("is not an experiment's folder");
    assertThat(error("experiment", "table", nowhere)).contains("is not an experiment's folder");
    String schedule = "averaging_period=8,12@2,44@3,workers=8";
    assertThat(error("experiment", "table", nowhere, "--against", schedule))
        .contains("is not an experiment's folder");
    assertThat(error("experiment", "status", file, "--out", nowhere + "/{name}"))
        .contains("nowhere/m is not an experiment's folder");
  }

  @Test
  void helpNamesWhatThereIs() {
    Called help = Called.command("experiment", "--help");

    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("--slot", "--time-limit", "--max-cells", "status", "table");
  }
}
