package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The long form: a run of both networks for every named point and for ten random moments at which
 * an executor is killed, and for what else clusters do to executors. See the profile {@code soak}.
 */
class ExecutorLossSoak {
  private static final int MOMENTS = 10;
  private static final int MOST_MILLIS = 2_000;
  private static final long SEED = Long.getLong("soak.seed", 4);

  @TempDir private static Path folder;
  private static SoakRuns runs;
  private static String undisturbed;

  @BeforeAll
  static void runUndisturbed() throws InterruptedException {
    runs = new SoakRuns(folder, "both", 3);
    try (JobProcess run = runs.cluster("undisturbed")) {
      assertThat(run.await()).as(run.err()).isZero();
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
    try (JobProcess run = runs.killed(name, List.of(new KillPlan(point, job)))) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(runs.marks(name).isSet(point.word())).as(run.err()).isTrue();
      assertThat(run.err()).contains(" is lost: ");
    }
    assertThat(runs.figures(name)).isEqualTo(undisturbed);
  }

  /** By what the run says, so that none comes when it is over, however busy the machine is. */
  static Stream<Arguments> moments() {
    Random random = new Random(SEED);
    List<String> said =
        List.of(
            "outputs in ",
            "convolution  epoch  1/3  train",
            "convolution  epoch  2/3  train",
            "convolution  epoch  3/3  train",
            "involution   epoch  1/3  train",
            "involution   epoch  2/3  train");
    return IntStream.range(0, MOMENTS)
        .mapToObj(
            moment ->
                Arguments.of(
                    moment, said.get(random.nextInt(said.size())), random.nextInt(MOST_MILLIS)));
  }

  @ParameterizedTest
  @MethodSource("moments")
  void killedAtARandomMoment(int moment, String said, int millis) throws InterruptedException {
    String name = "moment-" + moment;
    try (JobProcess run = runs.cluster(name)) {
      run.awaitOut(said);
      Thread.sleep(millis);
      List<ProcessHandle> executors = Kill.executors(run.driver());
      assertThat(executors).isNotEmpty();
      Kill.at(executors.get(moment % executors.size()));
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(runs.figures(name)).isEqualTo(undisturbed);
  }

  @Test
  void executorsThatAreDecommissionedOneAfterTheOther() throws Exception {
    String[] settings = {
      "--conf", "spark.decommission.enabled=true",
      "--conf", "spark.storage.decommission.enabled=true"
    };
    try (JobProcess run = runs.cluster("decommissioned", settings)) {
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
