package io.involution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.StandaloneCluster.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit/standalone on a master and two workers with two GPU addresses each. */
class StandaloneIT {
  private static final int WORKERS = 4;

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static String inOneJvm;

  @BeforeAll
  static void startCluster() throws Exception {
    inOneJvm = SmallRun.inOneJvm(folder, WORKERS, "synthetic");
    // A core more on each: a driver in the cluster takes one.
    cluster =
        StandaloneCluster.start(
            folder,
            List.of(new Host(3, "4g", List.of("0", "1")), new Host(3, "4g", List.of("2", "3"))));
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void everyWorkerHasItsOwnGpuAndTheResultIsThatOfOneJvm() throws Exception {
    Path out = folder.resolve("client");
    try (JobProcess run = start("client", out, WORKERS)) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out()).contains("4 workers");
    }
    assertThat(RunFigures.of(out)).isEqualTo(inOneJvm);
    assertThat(RunFigures.gpuAddresses(out)).containsExactlyInAnyOrder("0", "1", "2", "3");
  }

  @Test
  void aDriverInTheClusterGivesTheSameResult() throws Exception {
    Path out = folder.resolve("cluster");
    try (JobProcess run = start("cluster", out, WORKERS)) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(RunFigures.of(out)).isEqualTo(inOneJvm);
  }

  @Test
  void moreWorkersThanSlotsEndWithBothNumbers() throws Exception {
    Path out = folder.resolve("too-many");
    try (JobProcess run = start("client", out, WORKERS + 1, "--wait-for-slots", "12")) {
      assertThat(run.await()).as(run.err()).isEqualTo(2);
      assertThat(run.err().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains("4 task slots", "5 workers", "--workers");
    }
    assertThat(Files.exists(out)).isFalse();
  }

  private static JobProcess start(String mode, Path out, int workers, String... options) {
    List<String> submit = new ArrayList<>(List.of("submit/standalone", "--deploy-mode", mode));
    submit.addAll(List.of("--master", cluster.master(), "--executor-cores", "2"));
    submit.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    submit.addAll(List.of("--conf", "spark.executor.resource.gpu.amount=2"));
    submit.addAll(List.of("--conf", "spark.task.resource.gpu.amount=1"));
    submit.addAll(SmallRun.quickDriver());
    List<String> command =
        new ArrayList<>(SmallRun.train(submit, workers, "synthetic", out.toString()));
    command.addAll(List.of(options));
    return JobProcess.start(folder, command);
  }
}
