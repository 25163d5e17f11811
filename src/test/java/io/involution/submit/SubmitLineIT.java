package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The spark-submit line that a command line comes to, in a folder with a space in its name. */
class SubmitLineIT {
  @TempDir private Path temporary;
  private Project project;

  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("a project"));
  }

  @Test
  void namesTheClassTheFileTheJarAndTheCommandInThisOrder() throws Exception {
    assertThat(line("local", "--dry-run", "train", "--epochs", "1"))
        .containsSubsequence(
            "--class",
            "io.involution.cli.Main",
            "--properties-file",
            inProject("conf/spark-local.conf"),
            inProject("target/involution-spark.jar"),
            "train",
            "--epochs",
            "1")
        .doesNotContain("--dry-run")
        .anyMatch(word -> word.matches(".*/target/spark-home-[0-9a-f]{12}/bin/spark-submit"));
    assertThat(project.mavenCalls()).isEmpty();
  }

  @Test
  void keepsEveryArgumentAsItIs() throws Exception {
    String[] odd = {"a b", "it's", "$HOME", "*", "", "back\\slash", "\"", "--dry-run", "ü"};
    String[] words = new String[odd.length + 2];
    words[0] = "--dry-run";
    words[1] = "train";
    System.arraycopy(odd, 0, words, 2, odd.length);
    List<String> line = line("local", words);
    assertThat(line.subList(line.indexOf("train") + 1, line.size())).containsExactly(odd);
  }

  @Test
  void keepsTheFilesJavaOptionsAndAddsTheLoggingFile() throws Exception {
    for (String jvm : List.of("driver", "executor")) {
      assertThat(line("local-cluster", "--dry-run", "train"))
          .anyMatch(
              word ->
                  word.startsWith("spark." + jvm + ".defaultJavaOptions=-Dorg.bytedeco.javacpp.max")
                      && word.contains("SystemClockTimeSource -Dlog4j2.configurationFile=\"")
                      && word.endsWith("/a project/conf/log4j2.properties\""));
    }
  }

  @Test
  void putsTheUsersSparkOptionsBehindItsOwn() throws Exception {
    List<String> line =
        line(
            "local",
            "--conf",
            "spark.master=local[7]",
            "--driver-memory",
            "4g",
            "--verbose",
            "--master=local[5]",
            "--dry-run",
            "--name",
            "train",
            "evaluate",
            "--workers=1");
    assertThat(line)
        .containsSubsequence(
            "spark.master=local[1]",
            "spark.master=local[7]",
            "--driver-memory",
            "4g",
            "--verbose",
            "--master=local[5]",
            "--name",
            "train",
            inProject("target/involution-spark.jar"),
            "evaluate",
            "--workers=1");
  }

  @Test
  void givesLocalACoreAWorkerAndLeavesOtherTargetsAlone() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    assumeThat(cores).isGreaterThan(1);
    assertThat(line("local", "--dry-run", "train", "--workers", "1"))
        .contains("spark.master=local[1]");
    assertThat(line("local", "--dry-run", "train", "--workers", "" + 32 * cores))
        .as("as many slots as cores")
        .noneMatch(word -> word.startsWith("spark.master="));
    assertThat(line("local", "--dry-run", "train", "--workers", "many"))
        .noneMatch(word -> word.startsWith("spark.master="));
    assertThat(line("local-cluster", "--dry-run", "train", "--workers", "3"))
        .noneMatch(word -> word.startsWith("spark.master="));
  }

  @Test
  void asksForGpus() throws Exception {
    String script = inProject("submit/gpu-discovery");
    assertThat(line("local-cluster", "--gpus-per-executor", "2", "--dry-run", "train"))
        .contains(
            "spark.worker.resource.gpu.amount=2",
            "spark.worker.resource.gpu.discoveryScript=" + script,
            "spark.executor.resource.gpu.amount=2",
            "spark.executor.resource.gpu.discoveryScript=" + script,
            "spark.task.resource.gpu.amount=1",
            inProject("target/involution-spark.jar"));
    assertThat(line("local", "--gpus-per-executor=1", "--dry-run", "train"))
        .contains(
            "spark.driver.resource.gpu.amount=1",
            "spark.driver.resource.gpu.discoveryScript=" + script)
        .noneMatch(word -> word.contains("spark.task.resource"));
    assertThat(line("local", "--gpus-per-executor", "0", "--dry-run", "train"))
        .noneMatch(word -> word.contains(".resource.gpu."))
        .contains(inProject("target/involution-spark.jar"));
  }

  @Test
  void publishesMetricsWithoutSparksPages() throws Exception {
    assertThat(line("local-cluster", "--metrics", "--conf", "x.y=1", "--dry-run", "train"))
        .containsSubsequence("spark.involution.metrics=9404", "x.y=1")
        .noneMatch(word -> word.startsWith("spark.ui."));
    assertThat(line("local", "--dry-run", "train")).noneMatch(word -> word.contains("metrics"));
  }

  @Test
  void asksForTheSecretUnlessToldOtherwiseAndEncryptsWhereToldTo() throws Exception {
    String file = Files.writeString(temporary.resolve("m.conf"), "spark.master yarn\n").toString();
    assertThat(line("yarn", "--properties-file", file, "--dry-run", "train"))
        .contains("spark.authenticate=true")
        .noneMatch(word -> word.contains("crypto") || word.contains("encryption"));
    for (String target : List.of("local", "local-cluster", "yarn")) {
      assertThat(line(target, "--encrypt", "--dry-run", "train"))
          .contains("spark.network.crypto.enabled=true", "spark.io.encryption.enabled=true");
    }
    String[] off = {"--properties-file", file, "--conf", "spark.authenticate=false"};
    assertThat(line("yarn", off[0], off[1], off[2], off[3], "--dry-run", "train"))
        .doesNotContain("spark.authenticate=true");
    Command.Result standalone =
        project.submit("standalone", "--master", "spark://h:7077", "--encrypt", "train").run();
    assertThat(standalone.exitCode()).isEqualTo(2);
    assertThat(standalone.err()).hasLineCount(1).contains("spark.authenticate.secret");
  }

  @Test
  void givesALocalClusterANewSecretThatOnlyTheOwnerCanRead() throws Exception {
    Path spark = project.folder().resolve("spark/bin/spark-submit");
    // Reads the file twice, as Spark's launcher and its spark-submit do.
    Project.script(
        spark,
        """
        #!/usr/bin/env bash
        printf '%s\\n' "$@"
        while [[ $1 != --properties-file ]]; do shift; done
        echo "mode $(stat -Lc %a "$2") of $(readlink "$2")"
        tail -n 1 "$2"
        tail -n 1 "$2"
        """);
    Files.createDirectories(project.folder().resolve("spark/jars"));
    Files.createFile(project.folder().resolve("spark/jars/spark-core_2.13-4.2.0.jar"));
    Path files = Files.createDirectory(temporary.resolve("files"));
    Set<String> secrets = new HashSet<>();
    for (int run = 0; run < 2; run++) {
      Command.Result result =
          project
              .submit("local-cluster", "train")
              .with("SPARK_HOME", project.folder().resolve("spark").toString())
              .with("TMPDIR", files.toString())
              .run();
      assertThat(result.exitCode()).as(result.err()).isZero();
      List<String> lines = result.out().lines().toList();
      String secret = lines.get(lines.size() - 1);
      assertThat(secret).matches("spark\\.authenticate\\.secret [0-9a-f]{64}");
      assertThat(lines.get(lines.size() - 2)).isEqualTo(secret);
      assertThat(lines.get(lines.size() - 3)).matches("mode 600 of .* \\(deleted\\)");
      assertThat(lines.subList(0, lines.size() - 3)).noneMatch(word -> word.contains("secret"));
      secrets.add(secret);
    }
    assertThat(secrets).hasSize(2);
    assertThat(files).isEmptyDirectory();
  }

  @Test
  void keepsTheEventLogWhereItIsToldTo() throws Exception {
    assertThat(line("local", "--event-log", "hdfs://n/log", "--dry-run", "train"))
        .contains("spark.eventLog.enabled=true", "spark.eventLog.dir=hdfs://n/log");
    assertThat(line("local", "--event-log=a log", "--dry-run", "train"))
        .contains("spark.eventLog.dir=" + inProject("a log"));
    assertThat(project.folder().resolve("a log")).doesNotExist();
    assertThat(line("local", "--dry-run", "train"))
        .noneMatch(word -> word.startsWith("spark.eventLog."));
  }

  @Test
  void takesAnotherPropertiesFileInsteadOfItsOwn() throws Exception {
    Path mine = Files.writeString(temporary.resolve("mine.conf"), "spark.master local[1]\n");
    assertThat(line("local", "--properties-file", mine.toString(), "--dry-run", "train"))
        .containsSubsequence("--properties-file", mine.toString())
        .doesNotContain(inProject("conf/spark-local.conf"));
  }

  @Test
  void worksThroughASymbolicLinkFromAnyFolder() throws Exception {
    Path link = temporary.resolve("link");
    Files.createSymbolicLink(link, project.folder().resolve("submit/local"));
    Command.Result result = Command.of(temporary, link, "--dry-run", "train").run();
    assertThat(result.out()).contains(inProject("target/involution-spark.jar"));
  }

  @Test
  void givesVersionAndStatusToSparkSubmitWithoutAJob() throws Exception {
    assertThat(line("local", "--dry-run", "--version"))
        .endsWith("--version")
        .noneMatch(word -> word.endsWith(".jar"));
  }

  @Test
  void printsItsUsage() throws Exception {
    assertThat(project.submit("local", "--help").run().out())
        .startsWith("Usage: submit/local [SUBMIT OPTIONS] COMMAND [OPTIONS]");
    Command.Result nothing = project.submit("local-cluster").run();
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err()).startsWith("Usage: submit/local-cluster");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--conf",
        "--event-log",
        "--gpus-per-executor",
        "--gpus-per-executor one train",
        "--gpus-per-executor=-1 train",
        "--properties-file no/such/file train",
        "--remote sc://server train",
        "--remote=sc://server train"
      })
  void refusesAWrongCommandLineInOneLine(String words) throws Exception {
    Command.Result result = project.submit("local", words.split(" ")).run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("submit/local: ").hasLineCount(1);
    assertThat(result.err()).contains(words.replaceFirst("[ =].*", ""));
  }

  @Test
  void refusesASparkConnectServerInTheEnvironment() throws Exception {
    Command.Result result =
        project.submit("local", "train").with("SPARK_REMOTE", "sc://server").run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("SPARK_REMOTE", "leave it out");
    String setting = "spark.remote=sc://server";
    assertThat(project.submit("local", "--conf", setting, "train").run().err())
        .hasLineCount(1)
        .contains("spark.remote", "leave it out");
  }

  @Test
  void refusesASparkHomeThatIsNone() throws Exception {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    Command.Result result =
        project.submit("local", "train").with("SPARK_HOME", empty.toString()).run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .hasLineCount(1)
        .contains("SPARK_HOME=" + empty, "bin/spark-submit", "unset it");
  }

  private List<String> line(String target, String... arguments) throws Exception {
    return project.line(target, arguments);
  }

  private String inProject(String path) {
    return project.folder().resolve(path).toString();
  }
}
