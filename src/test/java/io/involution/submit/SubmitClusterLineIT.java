package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spark-submit lines for standalone clusters and YARN, and what they refuse. */
class SubmitClusterLineIT {
  private static final String MASTER = "spark://host:7077";

  @TempDir private Path temporary;
  private Project project;

  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("project"));
  }

  @Test
  void yarnContainersHoldTheHeapAndWhatNd4jTakesBesideIt() throws Exception {
    // 1 GiB of maxbytes and the JVM's 384 MiB.
    assertThat(yarn("train"))
        .contains("spark.executor.memoryOverhead=1408m")
        .noneMatch(word -> word.startsWith("spark.driver.memoryOverhead="))
        .anyMatch(word -> word.contains("executor") && word.contains("maxphysicalbytes=2432m"));
    // A tenth of 8 GiB is more than 384 MiB.
    assertThat(yarn("--executor-memory", "8g", "train"))
        .contains("spark.executor.memoryOverhead=1843m")
        .anyMatch(word -> word.contains("maxphysicalbytes=10035m"));
    assertThat(yarn("--deploy-mode=cluster", "train", "--out", "hdfs:///x"))
        .contains("spark.driver.memoryOverhead=1408m");
  }

  @Test
  void whoSetsTheOverheadDecidesAlone() throws Exception {
    assertThat(yarn("--conf", "spark.executor.memoryOverhead=3g", "train"))
        .containsOnlyOnce("spark.executor.memoryOverhead=3g")
        .noneMatch(word -> word.startsWith("spark.executor.memoryOverhead=1"))
        .anyMatch(word -> word.contains("maxphysicalbytes=4096m"));
  }

  @Test
  void theUsersOwnLimitsCount() throws Exception {
    String own = "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=";
    assertThat(yarn("--conf", own + "4g", "train")).contains("spark.executor.memoryOverhead=4480m");
    // JavaCPP takes a bare number for bytes.
    assertThat(yarn("--conf", own + "536870912", "train"))
        .contains("spark.executor.memoryOverhead=896m");
    assertThat(yarn("--conf", "spark.executor.memoryOverheadFactor=0.5", "train"))
        .noneMatch(word -> word.startsWith("spark.executor.memoryOverhead="))
        .anyMatch(word -> word.contains("executor") && word.contains("maxphysicalbytes=1536m"));
    refused("yarn", List.of("--conf", own + "lots", "train"), "'lots'");
  }

  /** Spark ignores it where the overhead is set. */
  @Test
  void theUsersLeastOverheadIsKept() throws Exception {
    String least = "spark.executor.minMemoryOverhead=";
    assertThat(yarn("--conf", least + "4g", "train"))
        .contains("spark.executor.memoryOverhead=4096m")
        .anyMatch(word -> word.contains("executor") && word.contains("maxphysicalbytes=5120m"));
    assertThat(yarn("--conf", least + "512m", "train"))
        .contains("spark.executor.memoryOverhead=1408m");
    assertThat(
            yarn(
                "--conf",
                least + "2g",
                "--conf",
                "spark.executor.memoryOverheadFactor=0.5",
                "train"))
        .noneMatch(word -> word.startsWith("spark.executor.memoryOverhead="))
        .anyMatch(word -> word.contains("executor") && word.contains("maxphysicalbytes=3072m"));
    refused("yarn", List.of("--conf", least + "much", "train"), "'much'");
  }

  @Test
  void theUsersFilesGoWithOurs() throws Exception {
    List<String> line = yarn("--conf", "spark.yarn.dist.files=mine.txt", "train");
    assertThat(line.stream().filter(word -> word.startsWith("spark.yarn.dist.files=")).toList())
        .last()
        .asString()
        .startsWith("spark.yarn.dist.files=mine.txt,")
        .endsWith("/conf/log4j2.properties");
  }

  @Test
  void onlyWhatGoesOnByItselfIsStartedAgain() throws Exception {
    assertThat(yarn("train")).contains("spark.yarn.maxAppAttempts=1");
    assertThat(yarn("train", "--out", "hdfs:///x", "--resume"))
        .noneMatch(word -> word.startsWith("spark.yarn.maxAppAttempts"));
  }

  @Test
  void whatTheClusterStartsIsNamedAfterCommandAndRun() throws Exception {
    assertThat(named("train", "--out", "hdfs:///data/runs//first/"))
        .containsExactly("spark.app.name=involution train runs/first");
    assertThat(
            named("experiment", "a/b.conf", "--slot=2026-03-01", "--out=s3a://k:s@b/{name}/{slot}"))
        .containsExactly("spark.app.name=involution experiment b/2026-03-01");
    assertThat(named("evaluate", "m", "--out", "hdfs:///a b/\u00fc\n'd"))
        .singleElement()
        .asString()
        .matches("spark.app.name=involution evaluate a_b/\\S+_d");
    assertThat(named("train", "--out", "hdfs:///runs/token=1"))
        .containsExactly("spark.app.name=involution train");
    assertThat(named("train", "--out", "hdfs:///runs/" + "a".repeat(99) + "b"))
        .containsExactly("spark.app.name=involution train " + "a".repeat(45) + "b");
    assertThat(yarn("train", "--out", "x")).noneMatch(word -> word.startsWith("spark.app.name"));
    assertThat(yarn("--deploy-mode", "cluster", "--name", "mine", "train", "--out", "x"))
        .contains("mine")
        .noneMatch(word -> word.startsWith("spark.app.name"));
  }

  private List<String> named(String... job) throws Exception {
    List<String> words = new ArrayList<>(List.of("--deploy-mode", "cluster"));
    words.addAll(List.of(job));
    return yarn(words.toArray(String[]::new)).stream()
        .filter(word -> word.startsWith("spark.app.name"))
        .toList();
  }

  @Test
  void gpusBringTheirScriptAndTheirCores() throws Exception {
    List<String> line =
        yarn("--gpus-per-executor", "2", "--conf", "spark.task.cpus=3", "train", "--resume");
    assertThat(line)
        .contains(
            "spark.executor.resource.gpu.amount=2",
            "spark.task.resource.gpu.amount=1",
            "spark.executor.resource.gpu.discoveryScript=./gpu-discovery",
            "spark.executor.cores=6",
            "spark.excludeOnFailure.task.maxTaskAttemptsPerNode=3")
        .anyMatch(word -> word.endsWith("/target/involution-spark.jar"))
        .anyMatch(
            word ->
                word.startsWith("spark.yarn.dist.files=")
                    && word.endsWith("/submit/gpu-discovery"));
    assertThat(standalone("--gpus-per-executor=1", "train"))
        .contains("spark.executor.resource.gpu.amount=1", "spark.executor.cores=1")
        .noneMatch(word -> word.contains("discoveryScript="));
    // Four workers share a GPU.
    assertThat(
            yarn("--gpus-per-executor=2", "--conf", "spark.task.resource.gpu.amount=0.25", "train"))
        .contains("spark.executor.cores=8");
  }

  @Test
  void onlyNd4jsEngineNeedsAGpuForTheDriver() throws Exception {
    assertThat(inCluster("train", "--resume"))
        .noneMatch(word -> word.startsWith("spark.driver.resource.gpu"))
        .anyMatch(word -> word.endsWith("/target/involution-spark.jar"));
    assertThat(inCluster("train", "--resume", "--gpu-engine", "nd4j"))
        .contains("spark.driver.resource.gpu.amount=1")
        .anyMatch(word -> word.endsWith("/target/involution-spark-cuda.jar"));
  }

  private List<String> inCluster(String... job) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("--deploy-mode", "cluster", "--gpus-per-executor", "1"));
    words.addAll(List.of(job));
    words.addAll(List.of("--out", "hdfs:///runs/gpu"));
    return yarn(words.toArray(String[]::new));
  }

  @Test
  void aDriverInAStandaloneClusterGetsItsOptionsWithTheUsers() throws Exception {
    List<String> line =
        standalone(
            "--deploy-mode", "cluster", "--driver-java-options", "-Dmine=1", "train", "--out", "x");
    assertThat(line.subList(line.lastIndexOf("--driver-java-options") + 1, line.size()).get(0))
        .contains(
            JavaModuleOptions.defaultModuleOptions()
                .replace("--add-modules=jdk.incubator.vector ", "")
                .split(" "))
        .contains("maxbytes=1g", "maxphysicalbytes=")
        .endsWith(" -Dmine=1");
  }

  @Test
  void aJarThatIsThereAlreadyIsNotBuilt() throws Exception {
    String jar = "hdfs:///apps/involution-spark.jar";
    List<String> line = yarn("--job-jar", jar, "train", "--epochs", "1");
    assertThat(line).containsSubsequence(jar, "train", "--epochs", "1");
    assertThat(line).noneMatch(word -> word.endsWith("/target/involution-spark.jar"));
  }

  @Test
  void refusesInOneLineWhatCannotWork() throws Exception {
    refused("standalone", List.of("train"), "--master spark://");
    refused("standalone", List.of("--master", "local[2]", "train"), "--master spark://");
    refused(
        "standalone",
        List.of("--master", MASTER, "--deploy-mode", "cluster", "train"),
        "--deploy-mode cluster",
        "--out");
    refused("yarn", List.of("--executor-memory", "much", "train"), "'much'", "512m");
    refused("yarn", List.of("train"), "HADOOP_CONF_DIR is not set");
    refused(
        "yarn",
        List.of("--deploy-mode", "cluster", "--event-log", "/events", "train", "--out", "hdfs:/x"),
        "--deploy-mode cluster",
        "--event-log",
        "hdfs:///spark-events");
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    Command.Result result = yarn().with("HADOOP_CONF_DIR", empty.toString()).run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(empty + " has no yarn-site.xml", "HADOOP_CONF_DIR");
  }

  /** Spark takes both folders, and its scripts what a gateway exports in spark-env.sh. */
  @Test
  void yarnsSettingsAreFoundWhereSparkFindsThem() throws Exception {
    Path hadoop = Files.createDirectory(temporary.resolve("hadoop"));
    Path yarn = Files.createDirectory(temporary.resolve("yarn"));
    Files.createFile(yarn.resolve("yarn-site.xml"));
    Path site = Files.createDirectory(temporary.resolve("site"));
    Files.writeString(site.resolve("spark-env.sh"), "HADOOP_CONF_DIR='" + yarn + "'\n");
    for (Command command :
        List.of(
            yarn().with("HADOOP_CONF_DIR", hadoop + ":" + yarn),
            yarn()
                .with("HADOOP_CONF_DIR", hadoop.toString())
                .with("YARN_CONF_DIR", yarn.toString()),
            yarn().with("SPARK_CONF_DIR", site.toString()).with("HADOOP_CONF_DIR", ""))) {
      Command.Result result = command.run();
      assertThat(result.exitCode()).as(result.err()).isZero();
    }
  }

  private Command yarn() {
    return project
        .submit("yarn", "--job-jar", "any.jar", "train")
        .with("SPARK_HOME", project.folder().resolve("spark").toString());
  }

  private void refused(String target, List<String> words, String... parts) throws Exception {
    Command.Result result =
        project
            .submit(target, words.toArray(String[]::new))
            .with("SPARK_HOME", project.folder().resolve("spark").toString())
            .with("HADOOP_CONF_DIR", "")
            .with("YARN_CONF_DIR", "")
            .run();
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().toList().get((int) result.err().lines().count() - 1))
        .startsWith("submit/" + target + ": ")
        .contains(parts);
  }

  private List<String> yarn(String... arguments) throws Exception {
    return line("yarn", arguments);
  }

  private List<String> standalone(String... arguments) throws Exception {
    String[] words = new String[arguments.length + 2];
    words[0] = "--master";
    words[1] = MASTER;
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return line("standalone", words);
  }

  private List<String> line(String target, String... arguments) throws Exception {
    String[] words = new String[arguments.length + 1];
    words[0] = "--dry-run";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return project.line(target, words);
  }
}
