package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.cluster.StandaloneCluster;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else clusters do to executors, with the figures of an undisturbed run. */
class ElasticSoak {
  @TempDir private static Path folder;
  private static SoakRuns runs;
  private static String undisturbed;

  @BeforeAll
  static void runUndisturbed() throws InterruptedException {
    runs = new SoakRuns(folder, "involution", 2);
    try (JobProcess run = runs.local("undisturbed")) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    undisturbed = runs.figures("undisturbed");
  }

  @Test
  void aSpeculatedTaskGivesTheSameBits() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, 4)) {
      String[] settings = {
        "--master", cluster.master(),
        "--conf", "spark.speculation=true",
        "--conf", "spark.speculation.quantile=0.5"
      };
      try (JobProcess run = runs.slow("speculated", settings)) {
        assertThat(run.await()).as(run.err()).isZero();
      }
    }
    assertThat(runs.marks("speculated").isSet(SlowExecutor.MARK)).isTrue();
    assertThat(runs.figures("speculated")).isEqualTo(undisturbed);
    assertThat(RunFigures.attempts(folder.resolve("speculated"))).contains(1);
  }

  @Test
  void dynamicAllocationIsAskedForTheSlotsThatARunNeeds() throws InterruptedException {
    String[] settings = {
      "--conf", "spark.dynamicAllocation.enabled=true",
      "--conf", "spark.dynamicAllocation.shuffleTracking.enabled=true",
      "--conf", "spark.dynamicAllocation.minExecutors=1"
    };
    try (JobProcess run = runs.cluster("dynamic", settings)) {
      assertThat(run.await()).as(run.out() + run.err()).isZero();
    }
    assertThat(runs.figures("dynamic")).isEqualTo(undisturbed);
    assertThat(runs.executors("dynamic")).hasSize(3);
  }

  @Test
  void aRunThatLosesMoreThanSparkTriesAgainSaysSoInOneLineAndCanBeResumed() throws Exception {
    List<KillPlan> plan = List.of(new KillPlan(KillPoint.UPDATE, "epoch 2, round 2"));
    try (JobProcess run = runs.killed("lost", plan, "--conf", "spark.task.maxFailures=1")) {
      assertThat(run.await()).as(run.out()).isEqualTo(3);
      assertThat(run.err().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains("failed 1 times", "ExecutorLostFailure", "--resume");
      assertThat(run.err()).doesNotContain("org.apache.spark.SparkException");
    }

    try (JobProcess run = runs.local("lost", "--resume")) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out()).contains("resuming after epoch 1");
    }
    // Which attempt trained a round is no figure: it tells that the run has been resumed.
    String figures = runs.figures("lost").replaceAll("\"run_attempt\":2", "\"run_attempt\":1");
    assertThat(figures).isEqualTo(undisturbed);
  }
}
