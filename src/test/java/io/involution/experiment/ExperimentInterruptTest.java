package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig.NamedText;
import io.involution.run.Deadline;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an experiment's process still records when a signal ends it. */
class ExperimentInterruptTest {
  private static final String TWO_AT_ONCE =
      "experiment { name = m, parallel = 2, defaults { workers = 1 }, grid { seed = [1, 2] } }";

  @TempDir private Path out;

  @Test
  void aCellThatAnotherStartHasTakenOverKeepsNoOtherRunning() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    FakeTrainer trainer = new FakeTrainer();
    trainer.disturbance =
        cell -> {
          running.countDown();
          await(interrupted);
        };
    Plan plan = Plan.of(MatrixFile.read(new NamedText("m.conf", TWO_AT_ONCE)), trainer);
    ExperimentFolder folder = ExperimentFolder.at(out.resolve("x").toString(), new Configuration());
    Progress silent =
        new Progress(
            plan, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    ExperimentRun run =
        new ExperimentRun(plan, folder, trainer, new Limits(Deadline.NEVER, 2), silent);
    CompletableFuture<List<LedgerRow>> ended = CompletableFuture.supplyAsync(run::run);
    try {
      await(running);
      Files.writeString(claims(plan, 0).resolve("attempt-00002"), "of another start");

      run.interrupt();

      assertThat(new Ledger(folder).rows(plan.pending()))
          .extracting(LedgerRow::state)
          .containsExactly(CellState.RUNNING, CellState.STOPPED);
      assertThat(Files.readAllLines(out.resolve("x/ledger.jsonl")).get(1))
          .contains("stopped by a signal");
      assertThat(claims(plan, 0).resolve("ended-00001")).exists();
      assertThat(claims(plan, 1).resolve("ended-00001")).exists();
    } finally {
      interrupted.countDown();
    }
    assertThat(ended.get(20, TimeUnit.SECONDS)).hasSize(2);
  }

  private Path claims(Plan plan, int cell) {
    return out.resolve("x/claims").resolve(plan.cells().get(cell).id());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
