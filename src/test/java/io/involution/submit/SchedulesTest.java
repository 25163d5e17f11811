package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.involution.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The examples of schedules run one command, one of the job's, and name a night alike. */
class SchedulesTest {
  private static final Path FOLDER = Path.of("submit", "schedules").toAbsolutePath();
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path STAND_IN =
      Path.of("src/test/resources/io/involution/submit/airflow-stand-in.py").toAbsolutePath();
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Runs a command of a schedule once for every time that it is told to take for the present. */
  private static final String AT_TIMES =
      """
      date() { command date "${@/#12 hours ago/$now 12 hours ago}"; }
      cd() { :; }
      logger() { cat; }
      export -f date
      for now in "$@"; do
        export now
        LINE
      done
      """;

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "UTC, 2026-02-28",
    "Asia/Tokyo, 2026-03-01",
    // The clock is set forward at 02:00, and back at 02:00: 01:30 comes twice.
    "America/Los_Angeles, 2026-03-07",
    "America/Los_Angeles, 2026-10-31",
    // There is no 01:30.
    "Europe/London, 2026-03-28"
  })
  void cronAndSystemdStartANightsCommandWithOneSlot(ZoneId zone, LocalDate night) throws Exception {
    List<Instant> starts = starts(zone, night);
    List<String> expected = starts.stream().map(start -> expected(night)).toList();
    assertThat(atTimes(cronLine(), zone, starts)).isEqualTo(expected);
    assertThat(atTimes(execStart(), zone, starts)).isEqualTo(expected);
  }

  /**
   * Airflow 2 gives a nightly run the interval since the last one, Airflow 3 one without a length
   * unless it is set otherwise. What a person or an asset starts in the night belongs to it too.
   */
  @ParameterizedTest
  @CsvSource({
    "2, interval manual asset_triggered",
    "3, instant interval manual manual-dated asset_triggered"
  })
  void airflowRunsTheSameCommandWithTheSameSlot(String version, String kinds) throws Exception {
    assumeTrue(
        Command.of(temporary, PYTHON, "-c", "import jinja2, zoneinfo").run().exitCode() == 0,
        "python3-jinja2 is not installed, so Airflow's slots are not computed");
    StringBuilder runs = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (String kind : kinds.split(" ", -1)) {
      for (String each : List.of("UTC 2026-02-28", "America/Los_Angeles 2026-10-31")) {
        String zone = each.split(" ", -1)[0];
        LocalDate night = LocalDate.parse(each.split(" ", -1)[1]);
        List<Instant> starts = starts(ZoneId.of(zone), night);
        // A schedule starts it once; its retries are the same run.
        for (Instant start : kind.startsWith("in") ? starts.subList(0, 1) : starts) {
          runs.append(String.format(Locale.ROOT, "%s %s %d%n", zone, kind, start.getEpochSecond()));
          expected.add("exec " + expected(night));
        }
      }
    }
    assertThat(airflow(version, runs.toString())).isEqualTo(expected);
  }

  /**
   * The time limit is that of a start: restarting at once would take the day and the next night.
   */
  @Test
  void whatRanOutOfTimeIsNotStartedAtOnce() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("involution.service"))).doesNotContain("Restart=");
    assertThat(line("involution.timer", "OnCalendar=")).isEqualTo("*-*-* 01,03,05:30:00");
    assertThat(line("involution_dag.py", "    dagrun_timeout="))
        .isEqualTo("timedelta(hours=8, minutes=4),");
  }

  @Test
  void theCommandIsOneOfTheJobs() {
    List<String> words = List.of(expected(LocalDate.EPOCH).split(" ", -1));
    assertThat(Path.of(words.get(0))).isExecutable();
    assertThat(Path.of(words.get(2))).exists();
    String[] job = words.subList(1, words.size()).toArray(String[]::new);
    assertThatCode(() -> new CommandLine(Main.class).parseArgs(job)).doesNotThrowAnyException();
  }

  /** The experiment names no data, and on a cluster none is found without this. */
  @Test
  void everyScheduleSaysWhereTheDataAre() throws Exception {
    String assignment = "CIFAR10_HOME\\W+hdfs:///data/cifar-10-batches-bin";
    for (String file : List.of("involution.cron", "involution.service", "involution_dag.py")) {
      assertThat(Files.readString(FOLDER.resolve(file))).containsPattern(assignment);
    }
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
  void theEnvironmentOfAScheduleIsData() throws Exception {
    Path home = Files.createDirectory(temporary.resolve(HostileEnvironmentIT.HOSTILE));
    Project.script(temporary.resolve("submit/yarn"), "#!/bin/bash\necho \"$HOME\"\n");
    for (String line : List.of(cronLine(), execStart())) {
      String shell = "cd() { :; }\nlogger() { cat; }\n" + line;
      Command.Result result =
          Command.of(temporary, Path.of("bash"), "-c", shell)
              .with("HOME", home.toString())
              .with("TZ", HostileEnvironmentIT.HOSTILE)
              .run();
      assertThat(result.out()).as(result.err()).isEqualTo(home + "\n");
      assertThat(temporary.resolve("planted")).doesNotExist();
    }
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

  /** The times of a night's starts, twice where the clock shows them twice. */
  private static List<Instant> starts(ZoneId zone, LocalDate night) {
    return Stream.of("01:30", "03:30", "05:30")
        .map(time -> ZonedDateTime.of(night.plusDays(1), LocalTime.parse(time), zone))
        .flatMap(start -> Stream.of(start, start.withLaterOffsetAtOverlap()))
        .map(ZonedDateTime::toInstant)
        .distinct()
        .toList();
  }

  private static String expected(LocalDate night) {
    return "submit/yarn experiment conf/experiments/reference.conf --slot "
        + night
        + " --time-limit 8h --out hdfs:///runs/{name}/{slot}";
  }

  /** What cron runs: it takes the backslash from a percent sign. */
  private static String cronLine() throws IOException {
    return line("involution.cron", "30 1,3,5 * * * involution ").replace("\\%", "%");
  }

  /** What systemd runs: two percent signs are one. */
  private static String execStart() throws IOException {
    return line("involution.service", "ExecStart=").replace("%%", "%");
  }

  private static String line(String file, String start) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file)).stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElseThrow();
  }

  /** The command lines that a schedule's line starts at these times. */
  private List<String> atTimes(String line, ZoneId zone, List<Instant> times) throws Exception {
    Project.script(temporary.resolve("submit/yarn"), "#!/bin/bash\necho submit/yarn \"$@\"\n");
    List<String> words = new ArrayList<>(List.of("-c", AT_TIMES.replace("LINE", line), "bash"));
    times.forEach(time -> words.add(UTC.format(time)));
    Command.Result result =
        Command.of(temporary, Path.of("bash"), words.toArray(String[]::new))
            .with("TZ", zone.getId())
            .with("HOME", temporary.toString())
            .run();
    assertThat(result.err()).isEmpty();
    return result.out().lines().toList();
  }

  /** The commands of the DAG's runs, as this version of Airflow fills them in. */
  private List<String> airflow(String version, String runs) throws Exception {
    Path file = Files.writeString(temporary.resolve("runs"), runs);
    String shell = "exec \"$0\" -B \"$1\" \"$2\" \"$3\" <\"$4\"";
    List<String> words = new ArrayList<>(List.of("-c", shell, "" + PYTHON, "" + STAND_IN, version));
    words.addAll(List.of("" + FOLDER.resolve("involution_dag.py"), "" + file));
    Command.Result result =
        Command.of(temporary, Path.of("bash"), words.toArray(String[]::new)).run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out().lines().toList();
  }

  private static void assumeInstalled(String program) {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        program + " is not installed, so its file is not checked");
  }
}
