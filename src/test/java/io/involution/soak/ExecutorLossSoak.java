package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The long form: a run of both networks for every named point and for ten random moments at which
 * an executor is killed, and for what else clusters do to executors. See the profile {@code soak}.
 */
class ExecutorLossSoak {
  private static final int MOMENTS = 10;
  private static final long SEED = Long.getLong("soak.seed", 4);

  @TempDir private static Path folder;
  private static SoakRuns runs;
  private static String undisturbed;
  private static long millis;

  @BeforeAll
  static void runUndisturbed() throws InterruptedException {
    runs = new SoakRuns(folder, "both", 3);
    try (SoakProcess run = runs.cluster("undisturbed")) {
      run.awaitOut("outputs in ");
      long begin = System.nanoTime();
      assertThat(run.await()).as(run.err()).isZero();
      millis = (System.nanoTime() - begin) / 1_000_000;
    }
    undisturbed = runs.figures("undisturbed");
  }

  @ParameterizedTest
  @CsvSource({
    "BROADCAST, 'convolution, epoch 2, round 3'",
    "BROADCAST, 'involution, epoch 1, round 2'",
    "STEP, 'convolution, epoch 1, round 1'",
    "STEP, 'involution, epoch 3, round 4'",
    "UPDATE, 'convolution, epoch 3, round 4'",
    "UPDATE, 'involution, epoch 2, round 1'",
    "EVALUATION, 'convolution, evaluation'",
    "EVALUATION, 'involution, evaluation'",
    "CHECKPOINT, 'any'"
  })
  void killedAtAPoint(KillPoint point, String job) throws InterruptedException {
    String name = "point-" + point + "-" + job.replaceAll("\\W+", "-");
    try (SoakProcess run = runs.killed(name, List.of(new KillPlan(point, job)))) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(runs.marks(name).isSet(point.word())).as(run.err()).isTrue();
      assertThat(run.err()).contains("Lost executor");
    }
    assertThat(runs.figures(name)).isEqualTo(undisturbed);
  }

  static List<Long> moments() {
    return new Random(SEED).doubles(MOMENTS).mapToObj(part -> (long) (part * millis)).toList();
  }

  @ParameterizedTest
  @MethodSource("moments")
  void killedAtARandomMoment(long moment) throws InterruptedException {
    String name = "moment-" + moment;
    try (SoakProcess run = runs.cluster(name)) {
      run.awaitOut("outputs in ");
      Thread.sleep(moment);
      List<ProcessHandle> executors = Kill.executors(run.driver());
      if (!executors.isEmpty()) {
        Kill.at(executors.get(new Random(SEED + moment).nextInt(executors.size())));
      }
      assertThat(run.await()).as(run.err()).isZero();
      System.out.printf(
          "killed after %d ms of %d: %s%n", moment, millis, run.err().contains("Lost executor"));
    }
    assertThat(runs.figures(name)).isEqualTo(undisturbed);
  }

  @Test
  void executorsThatAreDecommissionedOneAfterTheOther() throws Exception {
    String[] settings = {
      "--conf", "spark.decommission.enabled=true",
      "--conf", "spark.storage.decommission.enabled=true"
    };
    try (SoakProcess run = runs.cluster("decommissioned", settings)) {
      run.awaitOut("epoch  1/3  train");
      List<ProcessHandle> first = Kill.executors(run.driver());
      Kill.decommission(first.get(0));
      run.awaitOut("epoch  2/3  train");
      Kill.decommission(first.get(1));
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(first.get(0).isAlive()).isFalse();
    }
    assertThat(runs.figures("decommissioned")).isEqualTo(undisturbed);
    assertThat(runs.executors("decommissioned")).hasSizeGreaterThan(3);
  }
}
