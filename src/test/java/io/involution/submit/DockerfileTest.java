package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.submit.Dockerfile.Instruction;
import io.involution.submit.Dockerfile.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The image's recipe, read line by line: nothing here can build one. */
class DockerfileTest {
  private static final String HOME = "/opt/involution/";

  @Test
  void everyBaseIsAnExactReleaseOrAStageBeforeIt() throws IOException {
    Set<String> before = new HashSet<>();
    for (Stage stage : Dockerfile.read().stages()) {
      assertThat(before.contains(stage.base()) || stage.base().matches("[a-z/-]+:\\d+\\.\\d+\\..+"))
          .as(stage.base())
          .isTrue();
      before.add(stage.name());
    }
    assertThat(Dockerfile.read().stage("runtime").base()).startsWith("eclipse-temurin:17.");
  }

  @Test
  void whatIsCopiedIsInTheRepositoryOrMadeByAStageBefore() throws IOException {
    Set<String> before = new HashSet<>();
    for (Stage stage : Dockerfile.read().stages()) {
      for (Instruction copy : stage.all("COPY")) {
        List<String> words = copy.words();
        if (words.get(0).startsWith("--from=")) {
          assertThat(before).contains(words.get(0).substring("--from=".length()));
        } else {
          assertThat(words.subList(0, words.size() - 1))
              .allSatisfy(source -> assertThat(Path.of(source)).exists());
        }
      }
      before.add(stage.name());
    }
  }

  @Test
  void runsAsANumericUserThatHasAName() throws IOException {
    Stage runtime = Dockerfile.read().stage("runtime");
    assertThat(runtime.all("USER")).extracting(Instruction::text).containsExactly("185:185");
    assertThat(runtime.all("RUN"))
        .anyMatch(run -> run.text().contains("useradd --uid 185 --gid 185"));
    for (String last : List.of("cpu", "cuda")) {
      assertThat(Dockerfile.read().stage(last).base()).isEqualTo("runtime");
      assertThat(Dockerfile.read().stage(last).all("USER")).isEmpty();
    }
  }

  @Test
  void startsWithTheScriptThatSparkCalls() throws IOException {
    Stage runtime = Dockerfile.read().stage("runtime");
    assertThat(runtime.all("ENTRYPOINT"))
        .extracting(Instruction::text)
        .containsExactly("[\"" + HOME + "bin/k8s-entrypoint\"]");
    assertThat(runtime.all("CMD")).isEmpty();
    assertThat(runtime.all("COPY")).anyMatch(copy -> copy.text().endsWith(" " + HOME + "bin/"));
    assertThat(runtime.all("ENV")).anyMatch(env -> env.text().contains("SPARK_HOME=/opt/spark"));
  }

  @Test
  void hasEveryFileThatSubmitNamesInTheImage() throws IOException {
    assertThat(copied("runtime"))
        .contains(HOME + "conf/log4j2.properties", HOME + "conf/train.conf");
    assertThat(copied("runtime")).contains(HOME + "bin/gpu-discovery", HOME + "bin/k8s-entrypoint");
    assertThat(copied("cpu")).containsExactly(HOME + "involution-spark.jar");
    assertThat(copied("cuda")).contains(HOME + "involution-spark-cuda.jar");
    assertThat(Dockerfile.read().stages()).last().extracting(Stage::name).isEqualTo("cpu");
    String submit = Files.readString(Path.of("submit", "k8s"));
    assertThat(submit)
        .contains(
            "local://$image_home/$(jar_name)",
            "$image_home/bin/gpu-discovery",
            "$image_home/conf/log4j2.properties",
            "INVOLUTION_IMAGE_HOME:-/opt/involution}");
    assertThat(Files.readString(Path.of("submit", "functions.sh")))
        .containsPattern(
            "(?m)^jar_name\\(\\) .*echo involution-spark-cuda.jar; else echo involution-spark.jar;"
                + " fi");
  }

  @Test
  void theBuildSeesNoFilesOfEarlierBuildsAndEveryTrackedOne() throws IOException {
    List<String> ignored =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(ignored).contains("/target/", "/runs/");
    String git = Files.readString(Path.of(".gitignore"));
    assertThat(ignored)
        .allSatisfy(line -> assertThat(git).contains(line.replace("**/", "").strip()));
  }

  private static List<String> copied(String stage) throws IOException {
    return Dockerfile.read().stage(stage).all("COPY").stream()
        .map(Instruction::words)
        .flatMap(
            words ->
                words.subList(0, words.size() - 1).stream()
                    .filter(word -> !word.startsWith("--"))
                    .map(
                        source ->
                            words.get(words.size() - 1).endsWith("/")
                                ? words.get(words.size() - 1) + Path.of(source).getFileName()
                                : words.get(words.size() - 1)))
        .toList();
  }
}
