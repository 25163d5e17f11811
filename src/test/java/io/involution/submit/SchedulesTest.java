package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.involution.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The examples of schedules run one command, which is one of the job's. */
class SchedulesTest {
  private static final Path FOLDER = Path.of("submit", "schedules").toAbsolutePath();
  private static final Pattern COMMAND =
      Pattern.compile("submit/\\w+ .* --out \\S*\\{slot\\}(?=[ '\"\n])");

  /** What a DAG needs of Airflow to be read: prints the command and the retries. */
  private static final String AIRFLOW =
      """
      class DAG:
          def __init__(self, **settings): assert settings["dag_id"] and settings["schedule"]
          def __enter__(self): return self
          def __exit__(self, *failure): pass

      class BashOperator:
          def __init__(self, **settings):
              assert settings["task_id"] and settings["cwd"] and settings["retries"] > 0
              print(settings["bash_command"])
      """;

  @TempDir private Path temporary;

  @Test
  void allRunTheSameCommandForTheirSlot() throws IOException {
    String cron = command("involution.cron").replace("\\%", "%");
    String timer = command("involution.service").replace("%%", "%");
    assertThat(cron).contains("--slot \"$(date -u -d '12 hours ago' +%F)\"");
    assertThat(timer).contains("--slot \"$(date -u -d \"12 hours ago\" +%F)\"");
    assertThat(command("involution_dag.py")).contains("--slot {{ ds }} ");
    assertThat(withoutSlot(cron))
        .isEqualTo(withoutSlot(timer))
        .isEqualTo(withoutSlot(command("involution_dag.py")));
  }

  @Test
  void theCommandIsOneOfTheJobs() throws IOException {
    List<String> words = List.of(withoutSlot(command("involution.service")).split(" "));
    assertThat(Path.of(words.get(0))).isExecutable();
    assertThat(Path.of(words.get(2))).exists();
    String[] job = words.subList(1, words.size()).toArray(String[]::new);
    assertThatCode(() -> new CommandLine(Main.class).parseArgs(job)).doesNotThrowAnyException();
    assertThat(job).startsWith("experiment").contains("--slot");
  }

  @Test
  void cronsLockIsOutOfOthersReach() throws Exception {
    Matcher lock =
        Pattern.compile("mkdir .*? && flock -n \\S+ ")
            .matcher(Files.readString(FOLDER.resolve("involution.cron")));
    assertThat(lock.find()).isTrue();
    Command shell =
        Command.of(temporary, Path.of("bash"), "-c", "umask 022; " + lock.group() + "echo alone")
            .with("HOME", temporary.toString());
    assertThat(shell.run().out()).isEqualTo("alone\n");
    assertThat(shell.run().out()).as("again").isEqualTo("alone\n");
    Path folder = temporary.resolve(".involution");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void aRetryAfterMidnightHasTheSlotOfItsNight() throws Exception {
    Matcher date =
        Pattern.compile("\\$\\((date [^)]*)\\)")
            .matcher(command("involution.cron").replace("\\%", "%"));
    assertThat(date.find()).isTrue();
    List<String> slots = new ArrayList<>();
    for (String now : List.of("2026-03-01 13:00", "2026-03-02 01:30", "2026-03-02 11:59")) {
      String at = date.group(1).replace("12 hours ago", now + " UTC 12 hours ago");
      slots.add(Command.of(temporary, Path.of("bash"), "-c", at).run().out().strip());
    }
    assertThat(slots).containsExactly("2026-03-01", "2026-03-01", "2026-03-01");
  }

  @Test
  void systemdFindsNothingWrong() throws Exception {
    assumeInstalled("systemd-analyze");
    for (String unit : List.of("involution.service", "involution.timer")) {
      Files.copy(FOLDER.resolve(unit), temporary.resolve(unit));
    }
    Command.Result result =
        Command.of(
                temporary,
                Path.of("systemd-analyze"),
                "verify",
                "./involution.service",
                "./involution.timer")
            .run();
    assertThat(result.err()).doesNotContain("involution");
  }

  @Test
  void pythonReadsTheDag() throws Exception {
    assumeInstalled("python3");
    Path airflow = Files.createDirectories(temporary.resolve("airflow/operators"));
    Files.writeString(airflow.resolveSibling("__init__.py"), AIRFLOW);
    Files.writeString(airflow.resolve("__init__.py"), "");
    Files.writeString(airflow.resolve("bash.py"), "from airflow import BashOperator\n");
    Command.Result result =
        Command.of(temporary, Path.of("python3"), "-B", "" + FOLDER.resolve("involution_dag.py"))
            .with("PYTHONPATH", temporary.toString())
            .run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().strip()).isEqualTo("exec " + command("involution_dag.py"));
  }

  /** The command of a file, as it stands there. */
  private static String command(String file) throws IOException {
    String text = Files.readString(FOLDER.resolve(file)).replaceAll("\"\n +\"", "");
    Matcher command = COMMAND.matcher(text);
    assertThat(command.find()).as(file).isTrue();
    return command.group();
  }

  private static String withoutSlot(String command) {
    return command.replaceFirst("--slot (\"\\$\\(.*\\)\"|\\{\\{ ds \\}\\})", "--slot SLOT");
  }

  private static void assumeInstalled(String program) {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        program + " is not installed, so its file is not checked");
  }
}
