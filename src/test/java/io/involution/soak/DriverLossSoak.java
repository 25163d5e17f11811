package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.soak.FileKill.When;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The driver is killed at each of all the points, in a run of its own, and at random moments; the
 * same command again gives an undisturbed run's metrics. The recovery page says how to run it.
 */
class DriverLossSoak {
  private static final int RANDOM_MOMENTS = 10;
  private static final String TRAINING =
      "--model involution --epochs 3 --train-limit 900 --test-limit 200 --batch-size 128";

  @TempDir private static Path folder;
  private static DriverRuns runs;
  private static String undisturbed;
  private static long nanos;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    runs = new DriverRuns(folder, TRAINING.split(" "));
    long begin = System.nanoTime();
    try (JobProcess run = runs.start("undisturbed")) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    nanos = System.nanoTime() - begin;
    undisturbed = runs.figures("undisturbed");
  }

  static Stream<KillPlan> tasks() {
    return Stream.of(
        new KillPlan(KillPoint.STEP, "epoch 1, round 1"),
        new KillPlan(KillPoint.STEP, "epoch 2, round 4"),
        new KillPlan(KillPoint.UPDATE, "epoch 1, round 4"),
        new KillPlan(KillPoint.UPDATE, "epoch 3, round 4"),
        new KillPlan(KillPoint.EVALUATION, "evaluation"));
  }

  static Stream<FileKill> files() {
    return Stream.of(
        new FileKill(When.HALFWAY, "attempts/attempt-00001"),
        new FileKill(When.AFTER, "attempts/attempt-00001"),
        // No object store shows half of it.
        new FileKill(When.BEFORE, "run.json"),
        new FileKill(When.AFTER, "run.json"),
        new FileKill(When.HALFWAY, "metrics/part-involution-00002-00001.jsonl"),
        new FileKill(When.AFTER, "metrics/part-involution-00002-00001.jsonl"),
        new FileKill(When.HALFWAY, "involution/artifacts/confusion.json"),
        new FileKill(When.HALFWAY, "metrics.jsonl"),
        new FileKill(When.AFTER, "metrics.jsonl"),
        new FileKill(When.HALFWAY, "involution/model.zip"),
        new FileKill(When.BEFORE, "report/index.html"));
  }

  static Stream<FileKill> checkpoints() {
    // In the middle of an epoch, at the end of its rounds, and after the last.
    return Stream.of(new int[] {0, 3}, new int[] {2, 4}, new int[] {3, 0})
        .flatMap(
            at ->
                Stream.of("part-00000.bin", "part-00001.jsonl", "_COMMITTED")
                    .flatMap(
                        file ->
                            Stream.of(When.values())
                                .map(when -> FileKill.inCheckpoint(when, at[0], at[1], file))));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void inATask(KillPlan plan) throws Exception {
    dieAndGoOn(plan.point() + plan.job().replaceAll("\\W+", "-"), List.of(plan), List.of(), false);
  }

  @Test
  void inTheBroadcast() throws Exception {
    dieAndGoOn("broadcast", List.of(), List.of(), true);
  }

  @ParameterizedTest
  @MethodSource({"files", "checkpoints"})
  void inAFile(FileKill kill) throws Exception {
    dieAndGoOn(kill.word(), List.of(), List.of(kill), false);
  }

  private static void dieAndGoOn(
      String name, List<KillPlan> plans, List<FileKill> files, boolean broadcast) throws Exception {
    try (JobProcess run = runs.startKilled(name, plans, files, broadcast)) {
      assertThat(run.await()).as(run.out() + run.err()).isEqualTo(DriverRuns.KILLED);
    }
    goOn(name);
  }

  /** Another moment each time: the name of the run that fails tells it. */
  @RepeatedTest(RANDOM_MOMENTS)
  void atARandomMoment(RepetitionInfo repetition) throws Exception {
    long wait = TimeUnit.NANOSECONDS.toMillis((long) (nanos * Math.random()));
    String name =
        String.format(Locale.ROOT, "random-%d-after-%d", repetition.getCurrentRepetition(), wait);
    try (JobProcess run = runs.start(name)) {
      TimeUnit.MILLISECONDS.sleep(wait);
      Kill.at(run.driver());
    }
    goOn(name);
  }

  private static void goOn(String name) throws Exception {
    try (JobProcess run = runs.start(name)) {
      assertThat(run.await()).as(name + run.out() + run.err()).isZero();
    }
    assertThat(runs.figures(name)).as(name).isEqualTo(undisturbed);
    assertThat(runs.out(name).resolve("report/index.html")).as(name).exists();
  }
}
