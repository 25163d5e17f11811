package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is executable under submit/ takes the variables that it names, and its words, as data.
 */
class HostileEnvironmentIT {
  /** Commands in arithmetic, in substitutions, behind separators; patterns and quotes. */
  static final String HOSTILE =
      "x[$(touch planted)]`touch planted`;touch planted|touch planted '\"*?&\\1 ü";

  private static final Set<String> TARGETS =
      Set.of("local", "local-cluster", "standalone", "yarn", "k8s");

  private static final Set<String> NOT_SET = Set.of("PATH", "BASH_SOURCE", "BASH_REMATCH");

  /** A JVM that says its version, describes a command as Spark's launcher, or prints its words. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      case " $* " in
        *' -version '*) echo 'openjdk version "17.0.1"' >&2 ;;
        *' org.apache.spark.launcher.Main '*) printf '\\0\\n%s\\0' "$0" "${@:5}" ;;
        *) printf '%s\\n' "$@" ;;
      esac
      """;

  private static final String PRINTER = "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n";

  @TempDir private Path temporary;
  private Project project;
  private Path folder;
  private int runs;

  /** A folder of a hostile name, which is a JDK, a Spark home, and whatever else is asked for. */
  @BeforeEach
  void copyScripts() throws IOException {
    project = Project.copyTo(temporary.resolve("project"));
    folder = temporary.resolve(HOSTILE);
    for (Path home : List.of(folder, project.folder().resolve("spark"))) {
      Project.script(home.resolve("bin/java"), JAVA);
      Project.script(home.resolve("bin/spark-submit"), PRINTER);
      Project.script(home.resolve("bin/spark-class"), PRINTER);
      Files.createDirectory(home.resolve("jars"));
      Files.createFile(home.resolve("jars/spark-core_2.13-0.jar"));
    }
    Files.createFile(folder.resolve("spark-defaults.conf"));
    Project.script(
        project.folder().resolve("stub/nvidia-smi"),
        "#!/usr/bin/env bash\ncat <<'END'\n" + HOSTILE + "\nEND\n");
    Files.createDirectory(project.folder().resolve("target"));
    Files.createFile(project.folder().resolve("target/involution-spark.jar"));
  }

  @Test
  void everyExecutableTakesThemAsData() throws Exception {
    Path submit = project.folder().resolve("submit");
    List<String> scripts;
    try (Stream<Path> files = Files.walk(submit)) {
      scripts =
          files
              .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
              .map(file -> submit.relativize(file).toString())
              .toList();
    }
    assertThat(scripts).containsAll(TARGETS).contains("k8s-entrypoint", "spark-home");
    for (String script : scripts) {
      Set<String> variables = variables(script);
      if (script.equals("local")) {
        for (String shared : List.of("functions.sh", "settings.sh", "build.sh")) {
          variables.addAll(variables(shared));
        }
        assertThat(variables).contains("SPARK_HOME", "JAVA_HOME", "TMPDIR");
      }
      for (String[] words : words(script)) {
        run(script, Map.of(), words);
        for (String variable : variables) {
          run(script, Map.of(variable, value(variable)), words);
        }
      }
    }
    assertThat(runs).isGreaterThan(40);
  }

  /** The variables of the environment that a script reads. */
  private static Set<String> variables(String script) throws IOException {
    Set<String> variables = new TreeSet<>();
    Matcher name =
        Pattern.compile("(?:\\$\\{?!?|\\b(?=SPARK_))([A-Z][A-Z0-9_]{2,})\\b")
            .matcher(Files.readString(Path.of("submit", script)));
    while (name.find()) {
      variables.add(name.group(1));
    }
    variables.removeAll(NOT_SET);
    return variables;
  }

  private String value(String variable) {
    boolean place = variable.endsWith("_HOME") || variable.endsWith("_DIR");
    return place || variable.equals("TMPDIR") ? folder.toString() : HOSTILE;
  }

  private static List<String[]> words(String script) {
    if (TARGETS.contains(script)) {
      return List.<String[]>of(
          new String[] {"--name", HOSTILE, "--event-log", HOSTILE, "train", "--out", HOSTILE});
    }
    return switch (script) {
      case "spark-home" ->
          List.of(
              new String[] {"-Dspark.version=4." + HOSTILE, "-Dwithout.clusters"},
              new String[] {"-Dscala.binary.version=" + HOSTILE});
      case "k8s-entrypoint" ->
          List.of(
              new String[] {"executor"},
              new String[] {"driver", HOSTILE},
              new String[] {"printf", "%s\n", HOSTILE});
      default -> List.<String[]>of(new String[] {HOSTILE});
    };
  }

  private void run(String script, Map<String, String> more, String... words) throws Exception {
    Map<String, String> environment = new TreeMap<>();
    Path home = project.folder().resolve("spark");
    if (!script.equals("spark-home")) {
      environment.put("SPARK_HOME", home.toString());
    }
    environment.put("JAVA_HOME", home.toString());
    if (script.equals("k8s-entrypoint")) {
      variables(script).forEach(name -> environment.putIfAbsent(name, HOSTILE));
    }
    environment.putAll(more);
    Command command = project.submit(script, words);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    Command.Result result = command.run();
    runs++;
    List<String> told = new ArrayList<>(List.of(script, more.toString(), result.err()));
    assertThat(planted()).as("%s", told).isEmpty();
    assertThat(result.exitCode()).as("%s", told).isIn(0, 2);
    if (result.exitCode() == 0 && !script.equals("spark-home")) {
      assertThat(result.out()).as("%s", told).contains(HOSTILE);
    }
  }

  private List<Path> planted() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(file -> file.endsWith("planted")).toList();
    }
  }
}
