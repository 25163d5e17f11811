package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.involution.config.TrainConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words from users and settings files are data to the scripts, whatever a shell makes of them. */
class SubmitHostileIT {
  @TempDir private Path temporary;
  private Project project;
  private Path planted;

  /** Commands in arithmetic, in substitutions, behind separators; patterns and quotes. */
  private String hostile;

  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("project"));
    planted = temporary.resolve("planted");
    String touch = "touch " + planted;
    hostile = "gpus[$(" + touch + ")]`" + touch + "`;" + touch + "|" + touch + " '\"*?&\\1 ü";
  }

  /** The settings that the scripts look up. */
  private static Set<String> settings() throws IOException {
    Set<String> keys = new TreeSet<>(Set.of("spark.app.name"));
    for (String script :
        List.of("settings.sh", "functions.sh", "local", "yarn", "standalone", "k8s")) {
      Matcher key =
          Pattern.compile("spark\\.[A-Za-z.$1]*[A-Za-z]")
              .matcher(Files.readString(Path.of("submit", script)));
      while (key.find()) {
        for (String role : List.of("driver", "executor")) {
          keys.add(key.group().replaceAll("\\$(1|role|key)", role));
        }
      }
    }
    return keys;
  }

  @Test
  void everySettingArrivesWholeOrIsRefused() throws Exception {
    Set<String> keys = settings();
    assertThat(keys)
        .contains("spark.task.cpus", "spark.driver.memoryOverhead", "spark.yarn.dist.files")
        .hasSizeGreaterThan(20);
    for (String key : keys) {
      check("yarn", "--conf", key + "=" + hostile, "train", "--out", "x");
    }
    for (String key : List.of("spark.task.cpus", "spark.executor.memoryOverheadFactor")) {
      assertThat(project.submit("yarn", "--conf", key + "=" + hostile, "train").run().err())
          .contains(key, "not a number");
    }
  }

  @Test
  void everyOptionArrivesWholeOrIsRefused() throws Exception {
    Matcher option =
        Pattern.compile("--[a-z-]+").matcher(Files.readString(Path.of("submit", "functions.sh")));
    Set<String> options = new TreeSet<>();
    while (option.find()) {
      options.add(option.group());
    }
    options.removeAll(Set.of("--dry-run", "--help"));
    assertThat(options).contains("--job-jar", "--queue", "--event-log").hasSizeGreaterThan(20);
    for (String name : options) {
      check("local", name, hostile, "train");
      check("local", name + "=" + hostile, "train");
    }
    List<String> train = new ArrayList<>(List.of("train"));
    TrainConfig.OPTIONS.forEach(each -> train.addAll(List.of("--" + each.name(), hostile)));
    for (String target : List.of("local", "local-cluster", "yarn")) {
      check(target, train.toArray(String[]::new));
    }
  }

  @Test
  void settingsFilesAreDataToo() throws Exception {
    Path site = Files.createDirectory(temporary.resolve("site"));
    for (String key : List.of("spark.task.cpus", "spark.executor.memoryOverhead")) {
      Path file = site.resolve("spark-defaults.conf");
      Files.writeString(file, key + " " + hostile + "\n");
      Command.Result byFile =
          project.submit("yarn", "--properties-file", "" + file, "train", "--out=x").run();
      Command.Result bySite =
          project.submit("yarn", "train", "--out=x").with("SPARK_CONF_DIR", "" + site).run();
      for (Command.Result result : List.of(byFile, bySite)) {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1);
      }
      assertThat(planted).doesNotExist();
    }
  }

  private void check(String target, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of("--dry-run", "--gpus-per-executor", "1"));
    words.addAll(List.of(arguments));
    Command.Result result = project.submit(target, words.toArray(String[]::new)).run();
    assertThat(planted).as("%s %s", target, words).doesNotExist();
    assertThat(result.exitCode()).as(result.err()).isIn(0, 2);
    if (result.exitCode() == 0) {
      String line =
          Command.of(temporary, Path.of("bash"), "-c", "printf '%s\\n' " + result.out())
              .run()
              .out();
      assertThat(line).as("%s %s", target, words).contains(hostile);
      assertThat(planted).doesNotExist();
    } else {
      assertThat(result.err()).isNotEmpty();
    }
  }

  /** The stub of spark-submit prints the settings that it is given. */
  @Test
  void theSitesSettingsAreUnderOurs() throws Exception {
    Project.script(
        project.folder().resolve("spark/bin/spark-submit"),
        "#!/usr/bin/env bash\nwhile [[ $1 != --properties-file ]]; do shift; done\ncat \"$2\"\n");
    Path site = Files.createDirectory(temporary.resolve("site"));
    Files.writeString(site.resolve("spark-defaults.conf"), "spark.master m\nspark.mine 1 \\");
    Files.createDirectories(project.folder().resolve("target"));
    Files.createFile(project.folder().resolve("target/involution-spark.jar"));
    Path temp = Files.createDirectory(temporary.resolve("temp"));
    Command local =
        project
            .submit("local", "train")
            .with("SPARK_HOME", "" + project.folder().resolve("spark"))
            .with("SPARK_CONF_DIR", site.toString())
            .with("TMPDIR", temp.toString());
    Command.Result result = local.run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).hasLineCount(1).contains("" + site, "leaves them out");
    Properties settings = new Properties();
    settings.load(new StringReader(result.out()));
    assertThat(settings)
        .containsEntry("spark.master", "local[*]")
        .containsEntry("spark.mine", "1 ")
        .containsEntry("spark.driver.memory", "3g");
    assertThat(temp).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a#b", "a,b", "a\"b", "a:b", "a\\b"})
  void aCheckoutThatSparkCannotReadIsRefused(String name) throws Exception {
    Command.Result result =
        Project.copyTo(temporary.resolve(name)).submit("local", "--dry-run", "train").run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains(name, "move or copy this checkout");
  }

  @Test
  void javaSpeaksUtf8WithoutLang() throws Exception {
    Project.script(
        project.folder().resolve("spark/bin/spark-submit"),
        "#!/usr/bin/env bash\nlocale charmap\n");
    Files.createDirectories(project.folder().resolve("target"));
    Files.createFile(project.folder().resolve("target/involution-spark.jar"));
    for (String locale : List.of("", "C", "POSIX", "C.UTF-8")) {
      Command.Result result =
          project
              .submit("local", "train", "--out", "läufe")
              .with("SPARK_HOME", "" + project.folder().resolve("spark"))
              .with("LC_ALL", locale)
              .with("LANG", "")
              .run();
      assertThat(result.out()).as(locale + result.err()).isEqualTo("UTF-8\n");
    }
  }

  @Test
  void aUserWithoutANameIsToldWhatIsMissing() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    String script = project.folder().resolve("submit/local").toString();
    Command.Result result =
        Command.of(
                temporary,
                Path.of("setpriv"),
                "--reuid=54321",
                "--regid=54321",
                "--clear-groups",
                script,
                "train")
            .with("SPARK_HOME", "" + project.folder().resolve("spark"))
            .run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("54321", "/etc/passwd");
  }
}
