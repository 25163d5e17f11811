package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spark-submit line of submit/k8s, and what it refuses. */
class SubmitK8sLineIT {
  private static final String MASTER = "--master k8s://https://h:6443 ";
  private static final String IMAGE =
      "--conf spark.kubernetes.container.image=registry.example/i:1 ";
  private static final String CLUSTER = "--deploy-mode cluster ";

  @TempDir private Path temporary;
  private Project project;

  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("a project"));
  }

  @Test
  void clientModeTakesTheJarFromHereAndGivesExecutorsThePlacesOfTheImage() throws Exception {
    assertThat(line(MASTER + IMAGE + "train"))
        .contains(
            "spark.executor.memoryOverhead=1408m",
            "spark.kubernetes.executor.podTemplateFile=file://"
                + inProject("conf/k8s/executor-pod.yaml").replace(" ", "%20"),
            inProject("target/involution-spark.jar"))
        .anyMatch(
            word ->
                word.startsWith("spark.driver.defaultJavaOptions=")
                    && word.contains("\"" + inProject("conf/log4j2.properties") + "\""))
        .anyMatch(
            word ->
                word.startsWith("spark.executor.defaultJavaOptions=")
                    && word.contains("\"/opt/involution/conf/log4j2.properties\""))
        .noneMatch(
            word -> word.contains("driver.podTemplateFile") || word.contains("resource.gpu"));
  }

  @Test
  void clusterModeTakesTheJarOfTheImage() throws Exception {
    assertThat(line(MASTER + IMAGE + CLUSTER + "summary"))
        .endsWith("local:///opt/involution/involution-spark.jar", "summary")
        .contains("spark.driver.memoryOverhead=1408m");
    assertThat(line(MASTER + IMAGE + CLUSTER + "--gpus-per-executor 2 summary"))
        .endsWith("local:///opt/involution/involution-spark.jar", "summary")
        .noneMatch(word -> word.startsWith("spark.driver.resource.gpu"));
    assertThat(
            line(
                MASTER + IMAGE + CLUSTER + "--gpus-per-executor 2 train --gpu-engine nd4j --out a"))
        .contains("local:///opt/involution/involution-spark-cuda.jar")
        .contains(
            "spark.executor.resource.gpu.amount=2",
            "spark.executor.resource.gpu.vendor=nvidia.com",
            "spark.executor.cores=2",
            "spark.task.resource.gpu.amount=1",
            "spark.driver.resource.gpu.amount=1",
            "spark.driver.resource.gpu.vendor=nvidia.com");
    assertThat(line(MASTER + IMAGE + CLUSTER + "--job-jar s3a://b/j.jar summary"))
        .endsWith("s3a://b/j.jar", "summary");
    assertThat(project.mavenCalls()).isEmpty();
  }

  @Test
  void anImageOfOnesOwnMayHaveOtherPlaces() throws Exception {
    Command.Result result =
        submit(MASTER + IMAGE + CLUSTER + "--dry-run summary")
            .with("INVOLUTION_IMAGE_HOME", "/srv/job")
            .run();
    assertThat(result.out())
        .contains("local:///srv/job/involution-spark.jar", "/srv/job/conf/log4j2.properties")
        .doesNotContain("/opt/involution");
  }

  @Test
  void theNameLeavesRoomForWhatKubernetesAddsToIt() throws Exception {
    assertThat(line(MASTER + IMAGE + CLUSTER + "train --out s3a://b/runs/first"))
        .contains("spark.app.name=involution train runs/first");
    assertThat(line(MASTER + IMAGE + CLUSTER + "train --out s3a://b/runs/20261127-035345"))
        .contains("spark.app.name=involution train 20261127-035345");
    assertThat(line(MASTER + IMAGE + CLUSTER + "train --out s3a://b/runs/" + "a".repeat(99)))
        .contains("spark.app.name=involution train " + "a".repeat(18));
  }

  @Test
  void takesMasterImageAndTemplatesFromTheFileToo() throws Exception {
    Path file = temporary.resolve("mine.conf");
    Files.writeString(
        file,
        """
        spark.master k8s://https://h
        spark.submit.deployMode cluster
        spark.kubernetes.driver.container.image i:1
        spark.kubernetes.executor.container.image i:2
        spark.kubernetes.driver.podTemplateFile mine.yaml
        """);
    assertThat(line("--properties-file " + file + " summary"))
        .endsWith("local:///opt/involution/involution-spark.jar", "summary")
        .noneMatch(word -> word.contains("driver.podTemplateFile"));
  }

  @Test
  void refusesWhatCannotWorkInOneLine() throws Exception {
    refuses("no cluster is named: use --master k8s://", IMAGE + "train");
    refuses("no cluster is named: use --master k8s://", IMAGE + "--master yarn train");
    refuses("no container image: use --conf spark.kubernetes.container.image=", MASTER + "train");
    refuses("train needs --out", MASTER + IMAGE + CLUSTER + "train");
  }

  @Test
  void asksAfterADriverWithoutAnImage() throws Exception {
    assertThat(line(MASTER + "--status involution:*"))
        .endsWith("--status", "involution:*")
        .noneMatch(word -> word.endsWith(".jar"));
  }

  private void refuses(String why, String words) throws Exception {
    Command.Result result = submit(words).run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).hasLineCount(1).startsWith("submit/k8s: ").contains(why);
  }

  /** The words of the line that --dry-run prints. */
  private List<String> line(String words) throws Exception {
    return project.line("k8s", ("--dry-run " + words).split(" "));
  }

  private Command submit(String words) {
    return project.submit("k8s", words.split(" "));
  }

  private String inProject(String path) {
    return project.folder().resolve(path).toString();
  }
}
