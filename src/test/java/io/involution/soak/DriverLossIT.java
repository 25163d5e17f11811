package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.model.UserNetworks;
import io.involution.soak.FileKill.When;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers that train a user's deep network by a schedule die, sleep and find no room; the same
 * command again gives an undisturbed run's figures. {@link FailureSoak} kills them at every point.
 */
class DriverLossIT {
  private static final FileKill COMMIT = FileKill.inCheckpoint(When.BEFORE, 1, 2, "_COMMITTED");

  /** All that a step's place in the run decides, and all that is kept besides the parameters. */
  private static final String TRAINING =
      " --train-limit 225 --test-limit 50 --batch-size 32 --epochs 2.75 --optimizer nesterovs"
          + " --learning-rate 0.05 --learning-rate-decay triangular --weight-decay 0.001"
          + " --label-smoothing 0.1 --augment alternate-flip,reflect-shift:2 --weight-average"
          + " lookahead --updater-state local";

  @TempDir private static Path folder;
  private static DriverRuns runs;
  private static String undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    Path network = folder.resolve("normed.json");
    Files.writeString(network, UserNetworks.normed().toJson());
    runs = new DriverRuns(folder, ("--model " + network + TRAINING).split(" "));
    undisturbed = runs.undisturbed();
  }

  /**
   * The driver dies in a round before there is a checkpoint, and before one is committed; then
   * there is no room for the third, and the second is damaged.
   */
  @Test
  void aRunThatIsDisturbedAgainAndAgainHasTheFiguresOfAnUndisturbedOne() throws Exception {
    String full = "spark.hadoop." + StoreFileSystem.FULL + "=checkpoint-e00002-r00001";
    int deaths = 0;
    boolean died = true;
    while (died) {
      try (JobProcess run =
          runs.startKilled("disturbed", List.of(), List.of(COMMIT), true, "--conf", full)) {
        died = run.await() == DriverRuns.KILLED;
        deaths += died ? 1 : 0;
        if (!died) {
          assertNoRoom(run);
        }
      }
    }
    assertThat(runs.reached("disturbed")).hasSize(2).contains(DriverKiller.MARK, COMMIT.word());
    assertThat(deaths).isEqualTo(2);
    String newest = "checkpoint-e00001-r00002-a00003";
    Path part = runs.out("disturbed").resolve("normed/" + newest + "/part-00000.bin");
    byte[] bytes = Files.readAllBytes(part);
    bytes[1000] ^= 1;
    Files.write(part, bytes);

    try (JobProcess run = runs.start("disturbed")) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out())
          .contains(newest + " is damaged: looking for an older checkpoint")
          .contains("resuming after epoch 1, round 3");
    }
    assertThat(runs.figures("disturbed")).isEqualTo(undisturbed);
  }

  private static void assertNoRoom(JobProcess run) throws InterruptedException {
    assertThat(run.await()).as(run.out() + run.err()).isEqualTo(3);
    assertThat(run.out()).contains("resuming after epoch 1, round 3");
    assertThat(run.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("cannot write store:" + runs.out("disturbed"), "No space left", "--resume");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void aDriverThatWakesUpAfterAnotherTookOverWritesNoMore() throws Exception {
    try (JobProcess sleeper = runs.start("taken")) {
      awaitFile("taken/normed/checkpoint-e00000-r00003-a00001/_COMMITTED");
      signal("STOP", sleeper);
      try (JobProcess run = runs.start("taken")) {
        assertThat(run.await()).as(run.err()).isZero();
      }
      Map<String, String> before = RunFigures.files(runs.out("taken"));
      signal("CONT", sleeper);

      assertThat(sleeper.await()).as(sleeper.out() + sleeper.err()).isEqualTo(2);
      assertThat(sleeper.out()).contains("no checkpoint found: starting");
      assertThat(sleeper.err().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains("another run has taken --out");
      assertThat(RunFigures.files(runs.out("taken"))).isEqualTo(before);
    }
    assertThat(runs.figures("taken")).isEqualTo(undisturbed);
  }

  private static void awaitFile(String name) throws InterruptedException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (!Files.exists(folder.resolve(name))) {
      assertThat(System.nanoTime()).as(name).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private static void signal(String name, JobProcess run) throws Exception {
    String pid = String.valueOf(run.driver().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor()).isZero();
  }
}
