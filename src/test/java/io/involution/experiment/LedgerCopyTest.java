package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig.NamedText;
import io.involution.metrics.RecordingDisk;
import io.involution.run.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCopyTest {
  private static final String DISK = "ledger copy";
  private static final int CELLS = 200;

  @Test
  void whatEndsUntilThenIsJoinedAtOnce() {
    List<Runnable> later = new ArrayList<>();
    AtomicInteger joined = new AtomicInteger();
    LedgerCopy copy = new LedgerCopy(joined::incrementAndGet, later::add);

    copy.soon();
    copy.soon();
    assertThat(later).hasSize(1);
    assertThat(joined).hasValue(0);
    later.get(0).run();
    assertThat(joined).hasValue(1);

    copy.soon();
    copy.now();
    assertThat(joined).hasValue(2);
    later.get(1).run();
    assertThat(joined).as("nothing has changed since").hasValue(2);
  }

  /** Once in the middle, once for what is due at the end, and once for what others have written. */
  @Test
  void theWholeLedgerIsNotWrittenForEveryCell(@TempDir Path out) throws IOException {
    Configuration hadoop = RecordingDisk.settings(DISK);
    FakeTrainer trainer = new FakeTrainer(hadoop);
    List<Runnable> later = new CopyOnWriteArrayList<>();
    trainer.disturbance =
        cell -> {
          if (cell.options().seed() == CELLS / 2) {
            later.get(0).run();
          }
        };
    Plan plan = Plan.of(MatrixFile.read(new NamedText("m.conf", experiment())), trainer);
    ExperimentFolder folder = ExperimentFolder.at(out.resolve("x").toString(), hadoop);
    Progress silent =
        new Progress(
            plan, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    Limits none = new Limits(Deadline.NEVER, CELLS);

    List<LedgerRow> rows = new ExperimentRun(plan, folder, trainer, none, silent, later::add).run();

    assertThat(rows).hasSize(CELLS).allMatch(row -> row.state() == CellState.DONE);
    assertThat(Files.readAllLines(out.resolve("x/ledger.jsonl")))
        .hasSize(CELLS)
        .allMatch(row -> row.contains("\"state\":\"done\""));
    assertThat(later).hasSize(2);
    assertThat(RecordingDisk.replaced(DISK, "ledger.jsonl")).isEqualTo(3);
  }

  private static String experiment() {
    return String.format(
        Locale.ROOT,
        "experiment { name = m, parallel = 1, grid { seed = [%s] } }",
        LongStream.rangeClosed(1, CELLS)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",")));
  }
}
