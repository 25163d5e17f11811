package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig.NamedText;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.failure.RunStoppedException;
import io.involution.run.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentRunTest {
  private static final Limits NONE = new Limits(Deadline.NEVER, Integer.MAX_VALUE);

  @TempDir private Path out;
  private final FakeTrainer trainer = new FakeTrainer();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private List<LedgerRow> run(String text, Limits limits) {
    Matrix matrix =
        MatrixFile.read(
            new NamedText(
                "m.conf",
                String.format(Locale.ROOT, "experiment { name = m, parallel = 1, %s }", text)));
    Plan plan = Plan.of(matrix, trainer);
    PrintStream lines = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new ExperimentRun(plan, folder(), trainer, limits, new Progress(plan, lines)).run();
  }

  private List<LedgerRow> run(String text) {
    return run(text, NONE);
  }

  private ExperimentFolder folder() {
    return ExperimentFolder.at(out.resolve("x").toString(), new Configuration());
  }

  private static List<CellState> states(List<LedgerRow> rows) {
    return rows.stream().map(LedgerRow::state).toList();
  }

  @Test
  void everyCellIsRunOnceAndASecondStartHasNothingToDo() throws IOException {
    List<LedgerRow> rows = run("grid { seed = [1, 2, 3] }");
    assertThat(states(rows)).containsOnly(CellState.DONE);

    assertThat(run("grid { seed = [1, 2, 3] }")).isEqualTo(rows);
    assertThat(trainer.trained).containsExactly(1L, 2L, 3L);
    assertThat(new Ledger(folder()).rows(folder().planned())).hasSize(3);
    assertThat(Files.readAllLines(out.resolve("x/ledger.jsonl"))).hasSize(3);
  }

  @Test
  void aChangedOptionRunsOnlyTheCellsThatItChanges() {
    run("grid { seed = [1, 2] }");
    List<LedgerRow> rows = run("grid { seed = [2, 4] }");

    assertThat(trainer.trained).containsExactly(1L, 2L, 4L);
    assertThat(rows).extracting(row -> row.setting("seed")).containsExactly("2", "4");
  }

  /** The rows of an older job lack it. */
  @Test
  void aRecipesNameIsASettingAndChangesNoCell() {
    run("cells = [{ epochs = 3, seed = 1 }]");
    List<LedgerRow> rows = run("cells = [{ epochs = 3, seed = 1, config = convolution }]");

    assertThat(trainer.trained).containsExactly(1L);
    assertThat(rows).extracting(row -> row.setting("config")).containsExactly("convolution");
    run("cells = [{ epochs = 3, seed = 2 }, { epochs = 3, seed = 3, config = convolution }]");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("config convolution")
        .doesNotContain("null");
  }

  @Test
  void cellsThatDifferInNothingAreOne() {
    assertThat(run("grid { seed = [1, 2] }, cells = [{ seed = 2, images = \"3\" }]")).hasSize(2);
    assertThat(trainer.trained).containsExactly(1L, 2L);
  }

  @Test
  void aFailedCellStopsNoOtherAndTheNextStartTriesItAgain() {
    trainer.disturbance =
        cell -> {
          if (cell.options().seed() == 1) {
            throw new RunFailedException("the disk is full: make room");
          }
        };
    List<LedgerRow> rows = run("retries = 2, grid { seed = [1, 2] }");

    assertThat(states(rows)).containsExactly(CellState.FAILED, CellState.DONE);
    assertThat(rows.get(0).error()).isEqualTo("the disk is full: make room");
    assertThat(rows.get(0).attempts()).isEqualTo(3);
    assertThat(new ExperimentStatus(rows).failures()).singleElement().asString().contains("disk");

    trainer.disturbance = cell -> {};
    List<LedgerRow> again = run("retries = 2, grid { seed = [1, 2] }");
    assertThat(states(again)).containsOnly(CellState.DONE);
    assertThat(again.get(0).attempts()).isEqualTo(4);
    assertThat(again.get(0).error()).isNull();
    assertThat(trainer.trained).containsExactly(1L, 1L, 1L, 2L, 1L);
  }

  /** Twenty attempts take longer than the end of the last one. */
  @Test
  void theSecondsAreOfTheLastAttemptAndARetriedCellIsOne() {
    AtomicLong failed = new AtomicLong();
    trainer.disturbance =
        cell -> {
          if (trainer.trained.size() <= 20) {
            failed.set(System.nanoTime());
            throw new RunFailedException("the disk is full: make room");
          }
        };
    LedgerRow row = run("retries = 20, grid { seed = [1] }").get(0);
    double since = (System.nanoTime() - failed.get()) / 1e9;

    assertThat(row.attempts()).isEqualTo(21);
    assertThat(row.seconds()).isLessThanOrEqualTo(since);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("[1 of 1, 0 running, none left]");
  }

  @Test
  void wrongInputIsNotTriedAgain() {
    trainer.disturbance =
        cell -> {
          throw new InputException("no such model: name another");
        };
    List<LedgerRow> rows = run("retries = 5, grid { seed = [1] }");

    assertThat(rows.get(0).error()).isEqualTo("no such model: name another");
    assertThat(trainer.trained).containsExactly(1L);
  }

  @Test
  void aStoppedCellGoesOnWithTheNextStart() {
    trainer.disturbance =
        cell -> {
          throw new RunStoppedException("stopped: the time limit is over after epoch 3");
        };
    List<LedgerRow> rows = run("retries = 5, grid { seed = [1] }");
    assertThat(states(rows)).containsExactly(CellState.STOPPED);
    assertThat(rows.get(0).error()).contains("after epoch 3");

    trainer.disturbance = cell -> {};
    assertThat(states(run("grid { seed = [1] }"))).containsExactly(CellState.DONE);
  }

  @Test
  void noCellBeginsAfterTheDeadlineOrBeyondTheirNumber() {
    Deadline past = Deadline.after(Optional.of(Duration.ZERO));
    assertThat(states(run("grid { seed = [1, 2] }", new Limits(past, 9))))
        .containsOnly(CellState.PENDING);
    assertThat(states(run("grid { seed = [1, 2] }", new Limits(Deadline.NEVER, 1))))
        .containsExactly(CellState.DONE, CellState.PENDING);
    assertThat(trainer.trained).containsExactly(1L);
  }

  @Test
  void twoStartsAtOnceNeverRunACellTwice() {
    String text = "grid { seed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }";
    trainer.disturbance = cell -> pause();
    CompletableFuture<List<LedgerRow>> other = CompletableFuture.supplyAsync(() -> run(text));
    List<LedgerRow> mine = run(text);

    assertThat(states(mine)).containsOnly(CellState.DONE);
    assertThat(states(other.join())).containsOnly(CellState.DONE);
    assertThat(trainer.trained).hasSize(10).doesNotHaveDuplicates();
    assertThat(mine).extracting(LedgerRow::attempts).containsOnly(1);
  }

  @Test
  void cellsRunSideBySideAsFarAsThereAreSlots() {
    // Both have to be in the middle at once.
    CyclicBarrier both = new CyclicBarrier(2);
    trainer.disturbance = cell -> meet(both);

    assertThat(states(run("parallel = 2, defaults { workers = 1 }, grid { seed = [1, 2] }")))
        .containsOnly(CellState.DONE);
  }

  /** Dynamic allocation adds executors only for cells that wait. */
  @Test
  void cellsRunSideBySideAsFarAsThereMayBeSlots() {
    trainer.mostSlots = Integer.MAX_VALUE;
    CyclicBarrier all = new CyclicBarrier(3);
    trainer.disturbance = cell -> meet(all);

    assertThat(states(run("parallel = 3, defaults { workers = 1 }, grid { seed = [1, 2, 3] }")))
        .containsOnly(CellState.DONE);
    assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("ask for more executors");
  }

  @Test
  void fewerSideBySideThanAskedForAreToldInALine() {
    run("parallel = 3, defaults { workers = 2 }, grid { seed = [1] }");
    assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("ask for more executors");

    run("parallel = 3, defaults { workers = 2 }, grid { seed = [1, 2, 3] }");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("parallel is 3, but 2 task slots have room for 1: ask for more executors");
  }

  @Test
  void aRecordThatIsStillBeingWrittenIsAnExperiments() throws IOException {
    Path half = Files.createDirectories(out.resolve("x")).resolve("experiment.json.1.tmp");
    Files.writeString(half, "{");

    assertThat(states(run("grid { seed = [1] }"))).containsOnly(CellState.DONE);
  }

  @Test
  void whatIsNoExperimentIsLeftAlone() throws IOException {
    Path file = Files.createDirectories(out.resolve("x")).resolve("thesis.txt");
    Files.writeString(file, "mine");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> run("grid { seed = [1] }"))
        .withMessageContaining("not an experiment's: name a new or empty folder");
    try (Stream<Path> files = Files.list(out.resolve("x"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anotherExperimentsFolderIsRefused() {
    run("grid { seed = [1] }");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> run("name = other, grid { seed = [1] }"))
        .withMessageContainingAll("holds the experiment m, not other");
  }

  @Test
  void aDamagedRowIsNamed() throws IOException {
    String cell = run("grid { seed = [1] }").get(0).cell();
    Files.writeString(out.resolve("x/ledger/part-" + cell + "-00001.jsonl"), "{");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> run("grid { seed = [1] }"))
        .withMessageContainingAll("part-" + cell, "is damaged", "delete it");
  }

  @Test
  void linesForPeopleSayWhatBeginsAndEnds() {
    run("grid { seed = [1, 2] }");

    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("experiment m: 2 cells, 0 complete, 2 to run", "started: seed 1", "[2 of 2");
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, java.util.concurrent.TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
