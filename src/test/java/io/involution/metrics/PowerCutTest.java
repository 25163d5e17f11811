package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.RecordingDisk.Kind;
import io.involution.metrics.RecordingDisk.Step;
import io.involution.run.BestModel;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochOutcome;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order of writes and syncs: the whole life of a run's folder, cut off after every step on the
 * disk, in every way that a power cut has. What a run has announced is still there afterwards.
 */
class PowerCutTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final String MODEL = "involution";
  private static final Map<String, String> IDENTITY = Map.of("seed", "42");
  private static final int EPOCHS = 3;
  private static final List<String> REPORT = List.of("samples.png", "index.html");
  private static final Configuration AFTER = RecordingDisk.settings("after the cut");

  @TempDir private Path temporary;
  private Path life;
  private String name;
  private Configuration hadoop;

  /** The epochs of the last announced checkpoint, by the number of steps before. */
  private final NavigableMap<Integer, Integer> announced = new TreeMap<>(Map.of(0, 0));

  @BeforeEach
  void live() {
    life = temporary.resolve("life");
    assertThat(life.toFile().mkdir()).isTrue();
    name = UUID.randomUUID().toString();
    hadoop = RecordingDisk.settings(name);
    attempt(Mode.NEW, 0, 1);
    attempt(Mode.RESUME, 1, EPOCHS);
  }

  private String out() {
    return life.resolve("deep/run").toString();
  }

  private void announce(int epochs) {
    announced.put(RecordingDisk.steps(name).size(), epochs);
  }

  private void attempt(Mode mode, int done, int epochs) {
    RunFolder folder = RunFolder.take(out(), mode, hadoop);
    RunRecord record = new RunRecord(folder, IDENTITY);
    record.write();
    Checkpoints checkpoints = new Checkpoints(folder, MODEL, IDENTITY);
    MetricsJournal rows = new MetricsJournal(MODEL, new MetricsFolder(folder));
    if (done > 0) {
      Checkpoint last = checkpoints.latest(line -> {}).orElseThrow();
      rows.goOn(last.rows(), last.parts());
    }
    ArtifactFolder artifacts = new ArtifactFolder(folder, MODEL, List.of("cat", "dog"));
    BestModel best = new BestModel(folder, MODEL);
    for (int epoch = 1; epoch <= done; epoch++) {
      best.remember(epoch, 0.1 * epoch);
    }
    for (int epoch = done + 1; epoch <= epochs; epoch++) {
      EpochOutcome outcome = RoundFixture.epoch(epoch, 5, Optional.of(epoch));
      rows.epochEnded(outcome);
      artifacts.epochEnded(outcome);
      best.epochEnded(outcome);
      checkpoints.save(
          new Checkpoint(
              new TrainingPoint(
                  new Position(epoch, 0), EpochSums.NONE, RoundFixture.state(epoch, epoch)),
              List.of(),
              rows.parts()));
      announce(epoch);
    }
    if (epochs == EPOCHS) {
      folder.write(MODEL + "/model.zip", "a model".getBytes(StandardCharsets.UTF_8));
      new MetricsFolder(folder).join(List.of(MODEL), EPOCHS, row -> {});
      record.result(
          MODEL,
          new ModelResult(
              0.5,
              1,
              0.5,
              1.0,
              new ParameterCounts(1, 0),
              "ab",
              1.0,
              1.0,
              4,
              4,
              0.4,
              0.5,
              "epochs",
              null,
              null,
              null,
              null));
      record.done();
      for (String file : REPORT) {
        folder.replaceReport(file, "drawn".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void whatWasAnnouncedIsThereAfterEveryCut() throws IOException {
    assertThat(lost(RecordingDisk.steps(name), PowerCutTest::goOn, ALL)).isEmpty();
  }

  /** The test's own test: without one kind of wait, cuts do harm. */
  @Test
  void withoutWaitingForBytesTheyAreLost() throws IOException {
    List<Step> steps =
        RecordingDisk.steps(name).stream()
            .map(step -> new Step(step.kind(), step.path(), step.to(), step.bytes(), false))
            .toList();

    assertThat(lost(steps, PowerCutTest::goOn, 1)).isNotEmpty();
  }

  @Test
  void withoutSyncingFoldersNamesAreLost() throws IOException {
    List<Step> steps =
        RecordingDisk.steps(name).stream()
            .map(
                step ->
                    step.kind() == Kind.SYNC_FOLDER
                        ? new Step(Kind.DELETE, life.resolve("none"), null, null, false)
                        : step)
            .toList();

    assertThat(lost(steps, PowerCutTest::goOn, 1)).isNotEmpty();
  }

  @Test
  void overwritingNeverLeavesACompleteRunWithoutItsFiles() throws IOException {
    RunFolder folder = RunFolder.take(out(), Mode.OVERWRITE, hadoop);
    new RunRecord(folder, IDENTITY).write();

    assertThat(lost(RecordingDisk.steps(name), (run, epochs) -> overwriteAgain(run), ALL))
        .isEmpty();
  }

  private static void overwriteAgain(Path run) {
    requireWhole(RunFolder.take(run.toString(), Mode.RESUME, AFTER));
    RunFolder.take(run.toString(), Mode.OVERWRITE, AFTER);
  }

  private static void requireWhole(RunFolder folder) {
    if (RunRecord.isDone(folder)) {
      assertThat(ResultFiles.damaged(folder)).as("a complete run").isEmpty();
      assertThat(ResultFiles.of(folder, List.of(MODEL))).hasSize(4);
      if (folder.length("report/index.html").isPresent()) {
        assertThat(REPORT)
            .allSatisfy(file -> assertThat(folder.length("report/" + file)).hasValue(5));
      }
    }
  }

  /** What was lost by cuts after each of the steps, at least so much of it. */
  private List<String> lost(List<Step> steps, BiConsumer<Path, Integer> goOn, int least)
      throws IOException {
    List<String> lost = new ArrayList<>();
    DiskAfterCut disk = new DiskAfterCut(life);
    for (int step = 0; step <= steps.size() && lost.size() < least; step++) {
      Random random = new Random(step);
      List<BooleanSupplier> cuts = List.of(() -> false, () -> true, random::nextBoolean);
      for (int cut = 0; cut < cuts.size(); cut++) {
        Path folder = temporary.resolve("cut-" + UUID.randomUUID());
        disk.write(folder, cuts.get(cut));
        try {
          goOn.accept(folder.resolve("deep/run"), announced.floorEntry(step).getValue());
        } catch (RuntimeException | AssertionError e) {
          lost.add("step " + step + ", cut " + cut + ": " + e.getMessage());
        }
      }
      if (step < steps.size()) {
        disk.take(steps.get(step));
      }
    }
    return lost;
  }

  private static void goOn(Path run, int epochs) {
    RunFolder folder = RunFolder.take(run.toString(), Mode.RESUME, AFTER);
    requireWhole(folder);
    Optional<Checkpoint> last = new Checkpoints(folder, MODEL, IDENTITY).latest(line -> {});
    int reached = last.map(checkpoint -> checkpoint.point().position().epochs()).orElse(0);
    assertThat(reached).as("epochs").isGreaterThanOrEqualTo(epochs);
    assertThat(new MetricsFolder(folder).epochs(MODEL, reached)).hasSize(reached);
    if (reached > 0) {
      BestModel best = new BestModel(folder, MODEL);
      best.remember(reached, 0.1 * reached);
      assertThat(best.state().orElseThrow().steps()).isEqualTo(reached);
    }
    if (reached == EPOCHS) {
      assertThat(new ArtifactFolder(folder, MODEL, List.of()).hasEvaluation(EPOCHS)).isTrue();
    }
  }
}
