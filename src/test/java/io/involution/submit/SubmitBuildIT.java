package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the scripts build what they need, with a stub in Maven's place. */
class SubmitBuildIT {
  @TempDir private Path temporary;
  private Project project;

  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("a project"));
  }

  @Test
  void concurrentCallsBuildTheSparkHomeOnce() throws Exception {
    List<Process> running = new ArrayList<>();
    List<File> outputs = new ArrayList<>();
    for (int call = 0; call < 3; call++) {
      outputs.add(temporary.resolve("out" + call).toFile());
      File errors = temporary.resolve("err" + call).toFile();
      running.add(
          project.submit("spark-home").with("STUB_SECONDS", "1").start(outputs.get(call), errors));
    }
    for (Process process : running) {
      assertThat(process.waitFor()).isZero();
    }
    Path home = Path.of(Command.text(outputs.get(0)).strip());
    for (File output : outputs) {
      assertThat(Command.text(output)).isEqualTo(home + "\n");
    }
    assertThat(project.mavenCalls())
        .hasLineCount(1)
        .contains("-f submit/spark-home.xml dependency:copy-dependencies", "-Dspark.version=4.");
    assertThat(home.resolve("jars/spark-core_2.13-0.jar")).exists();
    assertThat(home.resolve("bin/spark-submit")).isExecutable();
    assertThat(home.resolve("bin/spark-class")).isExecutable();
  }

  @Test
  void neverUsesAHalfBuiltSparkHome() throws Exception {
    Command.Result failed = project.submit("spark-home").with("STUB_FAILS", "yes").run();
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).contains("set SPARK_HOME");
    Files.createDirectories(project.folder().resolve("target/spark-home-part.killed/jars"));

    assertThat(project.submit("spark-home").run().exitCode()).isZero();
    assertThat(project.folder().resolve("target").toFile().list())
        .noneMatch(name -> name.startsWith("spark-home-part"));
  }

  @Test
  void anotherSparkVersionGetsAnotherHome() throws Exception {
    String first = project.submit("spark-home").run().out();
    String other = project.submit("spark-home", "-Dspark.version=3.5.6").run().out();
    assertThat(other).isNotEqualTo(first);
    assertThat(project.mavenCalls())
        .contains("-Pspark-3", "-Dspark.version=3.5.6 -Dscala.binary.version=2.12");
    String[] newer = {"-Dspark.version=3.5.6", "-Dscala.binary.version=2.13"};
    assertThat(project.submit("spark-home", newer).run().out()).isNotIn(first, other);
    assertThat(project.submit("spark-home", "-Dspark.version=x").run().exitCode()).isEqualTo(2);
  }

  @Test
  void buildsTheJobJarOnlyWhenASourceIsNewer() throws Exception {
    Path source = project.folder().resolve("src/main/java/Some.java");
    Files.writeString(source, "");
    submit();
    assertThat(project.mavenCalls()).hasLineCount(1).contains("-DskipTests package");
    submit();
    assertThat(project.mavenCalls()).hasLineCount(1);

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    submit();
    assertThat(project.mavenCalls()).hasLineCount(2);

    Path coefficients = project.folder().resolve("conf/plan.conf"); // is in the jar too
    Files.setLastModifiedTime(coefficients, FileTime.from(Instant.now().plusSeconds(1)));
    submit();
    assertThat(project.mavenCalls()).hasLineCount(3);
  }

  @Test
  void anInterruptedBuildLeavesTheOldJarAndNoTornOne() throws Exception {
    submit();
    Path jar = project.folder().resolve("target/involution-spark.jar");
    Files.writeString(jar, "old");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

    assertThat(
            project
                .submit("local", "train")
                .with("SPARK_HOME", spark())
                .with("STUB_FAILS", "late")
                .run()
                .exitCode())
        .isEqualTo(1);

    assertThat(jar).hasContent("old");
    assertThat(project.folder().resolve("target").toFile().list())
        .noneMatch(name -> name.startsWith("part-"));
    submit();
    assertThat(jar).isEmptyFile();
  }

  @Test
  void aSourceSavedDuringTheBuildCountsAsNewer() throws Exception {
    Path pom = project.folder().resolve("pom.xml");
    File out = temporary.resolve("out").toFile();
    Process build =
        project
            .submit("local", "train")
            .with("SPARK_HOME", spark())
            .with("STUB_SECONDS", "1")
            .start(out, out);
    while (project.mavenCalls().isEmpty()) {
      Thread.sleep(10);
    }
    Files.setLastModifiedTime(pom, FileTime.from(Instant.now()));
    assertThat(build.waitFor()).isZero();
    submit();
    assertThat(project.mavenCalls()).hasLineCount(2);
  }

  @Test
  void nd4jsEngineNeedsTheOtherJar() throws Exception {
    submit();
    submit("--gpus-per-executor", "1");
    assertThat(project.mavenCalls()).hasLineCount(1);
    submit("--gpus-per-executor", "1", "train", "--gpu-engine", "nd4j");
    assertThat(project.mavenCalls()).hasLineCount(2).contains("-Pcuda -DskipTests package");
    assertThat(project.folder().resolve("target/involution-spark-cuda.jar")).exists();
  }

  @Test
  void aBrokenBuildStopsBeforeSparkStarts() throws Exception {
    Command.Result result =
        project
            .submit("local", "train")
            .with("SPARK_HOME", spark())
            .with("STUB_FAILS", "yes")
            .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("could not be built");
  }

  /** Spark 4 runs on newer Java than Spark 3, and the jar is built with one version. */
  @ParameterizedTest
  @CsvSource({
    "3.5.6, 17, ''",
    "3.5.6, 21, with this Spark the job runs on Java 17: install JDK 17",
    "4.2.0, 17, ''",
    "4.2.0, 21, ''",
    "4.2.0, 25, ''",
    "4.2.0, 23, the job runs on Java 17 or 21 or 25: install JDK 17",
    "4.2.0, 11, the job runs on Java 17 or 21 or 25: install JDK 17"
  })
  void anotherJavaIsOneLine(String version, String java, String fault) throws Exception {
    submit();
    Path jars = Files.createDirectories(project.folder().resolve("spark/jars"));
    Files.createFile(jars.resolve("spark-core_2.13-" + version + ".jar"));

    Command.Result result = onJava(java).run();

    assertThat(result.exitCode()).as(result.err()).isEqualTo(fault.isEmpty() ? 0 : 1);
    if (!fault.isEmpty()) {
      assertThat(result.err().lines())
          .singleElement()
          .asString()
          .contains("/bin/java is Java " + java + ", and " + fault);
    }
  }

  @Test
  void theJobJarIsBuiltWithTheJavaOfItsBuild() throws Exception {
    Path jars = Files.createDirectories(project.folder().resolve("spark/jars"));
    Files.createFile(jars.resolve("spark-core_2.13-4.2.0.jar"));

    Command.Result result = onJava("25").run();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("is Java 25, and the job jar is built with Java 17: install JDK 17");
    assertThat(project.mavenCalls()).isEmpty();
  }

  @Test
  void aJavaThatDoesNotStartIsOneLine() throws Exception {
    submit();
    Path home = project.folder().resolve("java");
    Project.script(home.resolve("bin/java"), "#!/bin/sh\necho 'no space' >&2\nexit 1\n");

    Command.Result result =
        project
            .submit("local", "train")
            .with("SPARK_HOME", spark())
            .with("JAVA_HOME", home.toString())
            .run();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("/bin/java does not start (no space): correct JAVA_HOME");
  }

  /** Gateways export it there, and Spark's scripts read it. */
  @Test
  void javaIsTheOneOfTheSitesSparkEnv() throws Exception {
    submit();
    Path home = project.folder().resolve("java-17");
    Project.script(home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n");
    Path site = Files.createDirectories(project.folder().resolve("site"));
    Files.writeString(site.resolve("spark-env.sh"), "JAVA_HOME='" + home + "'\nfalse $unset\n");

    Command.Result result = onJava("11").with("SPARK_CONF_DIR", site.toString()).run();

    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private Command onJava(String version) throws IOException {
    Path home = project.folder().resolve("java-" + version);
    Project.script(
        home.resolve("bin/java"),
        "#!/bin/sh\necho 'openjdk version \"" + version + ".0.1\" 2026-04-21' >&2\n");
    return project
        .submit("local", "train")
        .with("SPARK_HOME", spark())
        .with("JAVA_HOME", home.toString());
  }

  private void submit(String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of(options));
    words.add("train");
    Command.Result result =
        project.submit("local", words.toArray(String[]::new)).with("SPARK_HOME", spark()).run();
    assertThat(result.err()).doesNotContain("could not");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).endsWith("train\n");
  }

  private String spark() {
    return project.folder().resolve("spark").toString();
  }
}
