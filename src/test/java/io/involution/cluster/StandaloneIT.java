package io.involution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.StandaloneCluster.Host;
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
    try (JobProcess run = start("client", out)) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out()).contains("4 workers");
    }
    assertThat(RunFigures.of(out)).isEqualTo(inOneJvm);
    assertThat(RunFigures.gpuAddresses(out)).containsExactlyInAnyOrder("0", "1", "2", "3");
  }

  @Test
  void aDriverInTheClusterGivesTheSameResult() throws Exception {
    Path out = folder.resolve("cluster");
    try (JobProcess run = start("cluster", out)) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(RunFigures.of(out)).isEqualTo(inOneJvm);
  }

  private static JobProcess start(String mode, Path out) {
    List<String> submit = new ArrayList<>(List.of("submit/standalone", "--deploy-mode", mode));
    submit.addAll(List.of("--master", cluster.master(), "--executor-cores", "2"));
    submit.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    submit.addAll(List.of("--conf", "spark.executor.resource.gpu.amount=2"));
    submit.addAll(List.of("--conf", "spark.task.resource.gpu.amount=1"));
    submit.addAll(SmallRun.quickDriver());
    return JobProcess.start(folder, SmallRun.train(submit, WORKERS, "synthetic", out.toString()));
  }
}
