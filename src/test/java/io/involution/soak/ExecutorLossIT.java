package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.site.LeNet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors die at every named point of one run of a user's network, and its figures are those of
 * any other: the class comes by {@code --jars}, and the other run reads the same network as a file.
 */
class ExecutorLossIT {
  private static final int EXAMPLES = 150;
  private static final List<KillPlan> EVERY_POINT =
      List.of(
          new KillPlan(KillPoint.BROADCAST, "epoch 1, round 2"),
          new KillPlan(KillPoint.EVALUATION, "evaluation"),
          new KillPlan(KillPoint.CHECKPOINT, "any"),
          new KillPlan(KillPoint.STEP, "epoch 2, round 1"),
          new KillPlan(KillPoint.UPDATE, "epoch 2, round 2"));

  @TempDir private Path folder;

  @Test
  void aRunThatLosesExecutorsAtEveryPointHasTheFiguresOfAnUndisturbedOne() throws Exception {
    Path file = folder.resolve("lenet.json");
    LeNet.main(new String[] {file.toString()});
    String undisturbed = new SoakRuns(folder, file.toString(), 2, EXAMPLES).undisturbed();
    SoakRuns runs = new SoakRuns(folder, "class:" + LeNet.class.getName(), 2, EXAMPLES);
    try (JobProcess run = runs.killed("disturbed", EVERY_POINT)) {
      assertThat(run.await()).as(run.err()).isZero();
      for (KillPoint point : KillPoint.values()) {
        assertThat(runs.marks("disturbed").isSet(point.word())).as(point + run.err()).isTrue();
      }
      assertThat(run.err().lines().filter(line -> line.contains(" is lost: "))).hasSize(5);
    }

    assertThat(runs.figures("disturbed")).isEqualTo(undisturbed);
    // Those that took the dead ones' places have worked.
    assertThat(runs.executors("disturbed")).hasSizeGreaterThan(3);
  }
}
