package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the image starts, run as a process of this machine. */
class EntrypointIT {
  private static final Path SCRIPT = Project.real().folder().resolve("submit/k8s-entrypoint");
  private static final Path JOB_JAR =
      Path.of(System.getProperty("job.jar", "target/involution-spark.jar")).toAbsolutePath();

  /** Prints its arguments, one a line. */
  private static final String PRINTER = "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n";

  @TempDir private Path temporary;

  @Test
  void anExecutorIsTheJvmThatSparkDescribes() throws Exception {
    Path java = temporary.resolve("jdk/bin/java");
    Project.script(java, PRINTER);
    Map<String, String> more = new TreeMap<>(Map.of("JAVA_HOME", "" + temporary.resolve("jdk")));
    for (int i = 0; i < 12; i++) {
      more.put("SPARK_JAVA_OPT_" + i, i == 10 ? "-Dten=a b" : "-D" + i);
    }
    more.put("SPARK_CONF_DIR", "/opt/spark/conf");
    more.put("HADOOP_CONF_DIR", "/opt/hadoop/conf");
    more.put("SPARK_CLASSPATH", "/first/*");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      expected.add(more.get("SPARK_JAVA_OPT_" + i));
    }
    expected.addAll(List.of("-Xms1024m", "-Xmx1024m", "-cp"));
    expected.add("/opt/spark/conf:/opt/hadoop/conf:/first/*:/a spark/jars/*");
    expected.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
    expected.addAll(List.of("--driver-url", "spark://driver:7078", "--executor-id", "7"));
    expected.addAll(List.of("--cores", "2", "--app-id", "spark-1", "--hostname", "10.0.0.9"));
    expected.addAll(List.of("--resourceProfileId", "0", "--podName", "the-pod"));

    Command.Result result = with(executor(), more).run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines()).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPARK_HOME", "SPARK_DRIVER_URL", "SPARK_EXECUTOR_POD_NAME"})
  void whatSparkDidNotSetIsNamed(String variable) throws Exception {
    Command.Result result = executor().with(variable, "").run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith("k8s-entrypoint: " + variable + " is not set");
  }

  @Test
  void aUserWithoutANameIsToldSo() throws Exception {
    Project.script(
        temporary.resolve("bin/id"), "#!/bin/bash\n[[ $1 == -u ]] && echo 4711 || exit 1\n");
    Command.Result result =
        executor().with("PATH", temporary.resolve("bin") + ":" + System.getenv("PATH")).run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("user 4711 has no name", "runAsUser: 185");
  }

  @Test
  void aDriverIsSparkSubmitInClientMode() throws Exception {
    Project.script(temporary.resolve("spark/bin/spark-submit"), PRINTER);
    Command.Result result =
        driver("--class", "Main", "local:///a jar", "train", "")
            .with("SPARK_HOME", temporary.resolve("spark").toString())
            .with("SPARK_DRIVER_BIND_ADDRESS", "10.0.0.8")
            .run();
    assertThat(result.out())
        .isEqualTo(
            """
            --deploy-mode
            client
            --conf
            spark.driver.bindAddress=10.0.0.8
            --class
            Main
            local:///a jar
            train

            """);
  }

  @Test
  void anyOtherCommandRunsAsItIs() throws Exception {
    assertThat(Command.of(temporary, SCRIPT, "echo", "a  b").run().out()).isEqualTo("a  b\n");
    Command.Result nothing = Command.of(temporary, SCRIPT).run();
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).hasLineCount(1).contains("nothing to run");
  }

  @Test
  void aDriverTrainsAndASignalStopsItWithItsExitCode() throws Exception {
    Path out = temporary.resolve("run");
    List<String> train = new ArrayList<>(List.of("train", "--data", "synthetic"));
    train.addAll(List.of("--model", "involution", "--train-limit", "400", "--test-limit", "100"));
    train.addAll(List.of("--epochs", "1000", "--out", out.toString(), "--resume"));
    File log = temporary.resolve("log").toFile();
    Process process = real(train).start(temporary.resolve("out").toFile(), log);
    try {
      Path checkpoint = out.resolve("involution/checkpoint-e00001-r00000-a00001/_COMMITTED");
      while (process.isAlive() && !Files.exists(checkpoint)) {
        Thread.sleep(20);
      }
      assertThat(process.info().command().orElseThrow()).endsWith("/java");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Command.text(log)).isEqualTo(3);
    assertThat(Command.text(log)).contains("stopped: the last checkpoint is kept");
  }

  /** As Spark calls it in a driver's pod, but with a local master. */
  private Command real(List<String> job) throws IOException, InterruptedException {
    Path properties = temporary.resolve("spark.properties");
    Files.writeString(properties, "spark.master=local[1]\nspark.ui.enabled=false\n");
    List<String> words = new ArrayList<>(List.of("--properties-file", properties.toString()));
    words.addAll(List.of("--class", "io.involution.cli.Main", "local://" + JOB_JAR));
    words.addAll(job);
    return driver(words.toArray(String[]::new))
        .with("SPARK_HOME", Project.real().submit("spark-home").run().out().strip())
        .with("SPARK_DRIVER_BIND_ADDRESS", "127.0.0.1");
  }

  private Command driver(String... arguments) {
    List<String> words = new ArrayList<>(List.of("driver"));
    words.addAll(List.of(arguments));
    return Command.of(temporary, SCRIPT, words.toArray(String[]::new));
  }

  private Command executor() {
    return with(
        Command.of(temporary, SCRIPT, "executor"),
        Map.of(
            "SPARK_HOME", "/a spark",
            "SPARK_DRIVER_URL", "spark://driver:7078",
            "SPARK_EXECUTOR_ID", "7",
            "SPARK_EXECUTOR_CORES", "2",
            "SPARK_EXECUTOR_MEMORY", "1024m",
            "SPARK_APPLICATION_ID", "spark-1",
            "SPARK_RESOURCE_PROFILE_ID", "0",
            "SPARK_EXECUTOR_POD_IP", "10.0.0.9",
            "SPARK_EXECUTOR_POD_NAME", "the-pod"));
  }

  private static Command with(Command command, Map<String, String> variables) {
    Command changed = command;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      changed = changed.with(variable.getKey(), variable.getValue());
    }
    return changed;
  }
}
