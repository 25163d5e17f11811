package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cli.SmallDisk;
import io.involution.cluster.JobProcess;
import io.involution.cluster.StandaloneCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong around a run ends with the promised exit code and one line on standard error:
 * {@code mvn -B verify -Psoak -Dit.test=FailureSoak}. {@code FailureIT} has the full disks of a run
 * and of an experiment. Cases with a small disk need root on Linux and are skipped for others.
 */
class FailureSoak {
  private static final Pattern DETAILS = Pattern.compile(" \\(details in (\\S+)\\)$");
  private static final String ENDLESS = "100000";

  @TempDir private Path folder;

  @Test
  void sparksFolderIsRemoved() throws Exception {
    Path local = Files.createDirectory(folder.resolve("local"));
    try (JobProcess run = start(sparkFolder(local), shuffling())) {
      run.awaitOut("epoch  3/");
      delete(local);

      assertOneLine(run, 3)
          .contains("a folder cannot be used in Spark's folder " + local, "spark.local.dir")
          .containsOnlyOnce("--resume");
    }
  }

  @Test
  void sparksFolderIsFull() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 200 << 10)) {
      Path local = Files.createDirectory(disk.resolve("local"));
      try (JobProcess run = start(sparkFolder(local), shuffling())) {
        run.awaitOut("epoch  3/");
        // What Spark deletes makes room again.
        while (run.isAlive()) {
          disk.fill();
        }

        assertOneLine(run, 3)
            .contains("no space is left in Spark's folder", "spark.local.dir")
            .containsOnlyOnce("--resume");
      }
    }
  }

  private List<String> shuffling() {
    return endless("--exchange", "shuffle");
  }

  private static List<String> sparkFolder(Path local) {
    return List.of("submit/local", "--conf", "spark.local.dir=" + local);
  }

  /** 64 sets of moments, each twice as large as the model. */
  @Test
  void theHeapIsTooSmallForAllWorkers() throws Exception {
    List<String> submit = List.of("submit/local", "--driver-memory", "300m");
    List<String> train = new ArrayList<>(endless("--updater-state", "local"));
    train.set(train.indexOf("--workers") + 1, "64");
    try (JobProcess run = start(submit, train)) {
      int code = run.await();

      assertThat(code).as(run.err()).isBetween(1, 3);
      assertOneLine(run, code).contains("heap", "--driver-memory");
    }
  }

  /**
   * The limit is above what the executors hold at the start, and below what they come to hold. As
   * long as the run goes on between two losses, it does.
   */
  @Test
  void executorsMeetTheirNativeLimitLater() throws Exception {
    List<String> submit = new ArrayList<>(List.of("submit/local-cluster", "--master"));
    submit.addAll(List.of("local-cluster[2,1,1024]", "--conf"));
    submit.add("spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxphysicalbytes=280m");
    try (JobProcess run = start(submit, endless())) {
      while (run.isAlive() && !run.err().contains(" is lost: ")) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      send("TERM", run);
      run.await();

      List<String> lines = run.err().lines().toList();
      int last = lines.size() - 1;
      assertThat(lines.subList(0, last))
          .isNotEmpty()
          .allMatch(line -> line.matches("executor \\d+ on 127.0.0.1 is lost: .* memory.*"));
      assertThat(lines.get(last))
          .containsPattern("^(stopped: the last checkpoint|error: .*memory)");
    }
  }

  /** A background process of a shell ignores SIGINT unless it is told not to. */
  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalHasTheLastLine(String signal) throws Exception {
    List<String> submit = List.of("env", "--default-signal=INT,TERM,HUP", "submit/local");
    try (JobProcess run = start(submit, endless())) {
      run.awaitOut("epoch  2/");
      send(signal, run);

      assertThat(run.await()).as(run.err()).isEqualTo(3);
      assertThat(run.err().lines())
          .singleElement()
          .asString()
          .startsWith("stopped: the last checkpoint is kept")
          .contains("--resume");
    }
  }

  @Test
  void theMasterCannotBeReached() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String master = "spark://127.0.0.1:" + port;
    try (JobProcess run = start(List.of("submit/standalone", "--master", master), endless())) {
      assertThat(run.await()).as(run.err()).isEqualTo(2);
      assertThat(run.err().lines()).as(run.err()).hasSize(2);
      assertThat(run.err().lines().toList().get(0))
          .isEqualTo("cannot reach the master 127.0.0.1:" + port + " yet: trying on");
      assertThat(run.err().lines().toList().get(1))
          .startsWith("error: Spark has given up the master " + master)
          .contains("correct --master", "can be reached");
      assertThat(folder.resolve("run")).doesNotExist();
    }
  }

  /** Spark waits for its master to come back, and the executors go on without it. */
  @Test
  void theMasterGoesAwayForMinutes() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, 2)) {
      List<String> submit = new ArrayList<>(List.of("submit/standalone", "--master"));
      submit.addAll(List.of(cluster.master(), "--driver-memory", "512m"));
      submit.addAll(List.of("--executor-memory", "512m"));
      try (JobProcess run = start(submit, endless())) {
        run.awaitOut("epoch  2/");
        cluster.stopMaster();
        TimeUnit.MINUTES.sleep(2);

        assertThat(run.isAlive()).as(run.err()).isTrue();
        send("TERM", run);
        assertThat(run.await()).as(run.err()).isEqualTo(3);
        assertThat(run.err().lines().filter(line -> !line.startsWith("waiting for task slots")))
            .singleElement()
            .asString()
            .startsWith("stopped: the last checkpoint is kept");
      }
    }
  }

  /** With Spark's own log configuration, which sends hundreds of lines to standard error. */
  @Test
  void afterThePlainSparkSubmitHasBegunTheLinesAreOurs() throws Exception {
    String spark = StandaloneCluster.sparkHome().resolve("bin/spark-submit").toString();
    List<String> submit = new ArrayList<>(List.of(spark, "--master", "local[2]"));
    submit.add(System.getProperty("job.jar"));
    try (JobProcess run = start(submit, endless())) {
      run.awaitOut("epoch  2/");
      String begun = run.err();
      send("TERM", run);

      assertThat(run.await()).as(run.err()).isEqualTo(3);
      assertThat(begun.lines().count()).as(begun).isLessThan(10);
      assertThat(run.err().substring(begun.length()).lines())
          .singleElement()
          .asString()
          .startsWith("stopped: the last checkpoint is kept");
    }
  }

  /** The run's own files are written when the epoch ends: until then, only heartbeats fail. */
  @Test
  void aClaimSurvivesAFullDisk() throws Exception {
    Path conf = folder.resolve("claims.conf");
    Files.writeString(
        conf,
        """
        experiment {
          name = claims
          defaults {
            data = synthetic, test-limit = 16, epochs = 1, workers = 1, model = convolution
            batch-size = 8, averaging-period = 1
          }
          grid { seed = [1] }
        }
        """);
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 60_000)) {
      Path out = disk.resolve("e");
      List<String> command =
          List.of("experiment", conf.toString(), "--parallel", "1", "--out", out.toString());
      try (JobProcess run = start(List.of("submit/local"), command)) {
        while (run.isAlive() && !isTraining(out)) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.SECONDS.sleep(2);
        disk.fill();
        TimeUnit.SECONDS.sleep(11);
        assertThat(run.isAlive()).as(run.err()).isTrue();
        assertThat(run.err()).isEmpty();
        disk.grow(200 << 10);
        send("TERM", run);

        assertThat(run.await()).as(run.err()).isEqualTo(3);
        assertThat(run.err().lines())
            .singleElement()
            .asString()
            .startsWith("stopped: the cells keep their last checkpoints");
      }
    }
  }

  private static boolean isTraining(Path experiment) throws IOException {
    try (Stream<Path> files = Files.walk(experiment)) {
      return files.anyMatch(file -> file.endsWith("artifacts/network.json"));
    } catch (NoSuchFileException | UncheckedIOException notYet) {
      return false;
    }
  }

  private JobProcess start(List<String> submit, List<String> command) {
    List<String> words = new ArrayList<>(submit);
    words.addAll(command);
    return JobProcess.start(folder, words);
  }

  /** A run of two workers that goes on until something happens. */
  private List<String> endless(String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", "synthetic"));
    words.addAll(List.of("--train-limit", "64", "--test-limit", "16"));
    words.addAll(List.of("--epochs", ENDLESS, "--batch-size", "64", "--workers", "2"));
    words.addAll(List.of("--out", folder.resolve("run").toString()));
    words.addAll(List.of(more));
    if (!words.contains("--model")) {
      words.addAll(List.of("--model", "convolution"));
    }
    return words;
  }

  private static void send(String signal, JobProcess run) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + run.driver().pid()).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** One line on standard error, whose trace is in the file that it names. */
  private static AbstractStringAssert<?> assertOneLine(JobProcess run, int code) throws Exception {
    assertThat(run.await()).as(run.out() + run.err()).isEqualTo(code);
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    String line = run.err().strip();
    if (code != 2) {
      Matcher details = DETAILS.matcher(line);
      assertThat(details.find()).as(line).isTrue();
      Path log = Path.of(details.group(1));
      assertThat(log).content().contains("\tat ");
      Files.delete(log);
    }
    return assertThat(line).startsWith("error: ");
  }
}
