package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig.NamedText;
import io.involution.failure.InputException;
import io.involution.metrics.JsonDamage;
import io.involution.metrics.ModelResult;
import io.involution.metrics.RecordingDisk;
import io.involution.run.Deadline;
import io.involution.run.FolderListing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an experiment has written says something else: it is shown and goes on, or one line names
 * the folder and nothing is touched.
 */
class ExperimentFuzzTest {
  private static final Configuration HADOOP = RecordingDisk.settings("experiment fuzz");
  private static final Limits NONE = new Limits(Deadline.NEVER, Integer.MAX_VALUE);
  private static final ModelResult RESULT =
      new ModelResult(
          0.5, 1, null, null, null, "ab", null, null, null, null, null, null, null, null, null,
          null, null);

  @TempDir private Path temporary;
  private Path out;
  private Map<String, String> sound;
  private final Random random = new Random(Long.getLong("fuzz.seed", 7));
  private int refused;

  @BeforeEach
  void runOnce() throws IOException {
    out = temporary.resolve("x");
    List<LedgerRow> rows = start();
    Ledger ledger = new Ledger(folder());
    assertThat(rows).hasSize(2).allMatch(row -> row.state() == CellState.DONE);
    for (LedgerRow row : ledger.rows(folder().planned())) {
      LedgerRow done = row.ended(row.state(), row.ended(), 1.0, null, Map.of("involution", RESULT));
      folder().replace("ledger/part-" + row.cell() + "-00001.jsonl", Ledger.bytes(List.of(done)));
    }
    sound = FolderListing.of(out);
  }

  private List<LedgerRow> start() {
    FakeTrainer trainer = new FakeTrainer();
    String text = "experiment { name = m, parallel = 1, grid { seed = [1, 2] } }";
    Plan plan = Plan.of(MatrixFile.read(new NamedText("m.conf", text)), trainer);
    PrintStream lines =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new ExperimentRun(plan, folder(), trainer, NONE, new Progress(plan, lines)).run();
  }

  private ExperimentFolder folder() {
    return ExperimentFolder.at(out.toString(), HADOOP);
  }

  private void show() {
    List<LedgerRow> rows = new Ledger(folder()).rows(folder().planned());
    ExperimentStatus status = ExperimentStatus.of(rows, folder());
    assertThat(status.line() + status.table() + status.failures()).isNotNull();
    ExperimentTable table =
        new ExperimentTable(rows, List.of(), "test_accuracy", Map.of("seed", "1"));
    assertThat(table.text() + table.csv()).isNotNull();
  }

  private void orRefused(String what, Runnable action) throws IOException {
    Map<String, String> before = FolderListing.of(out);
    try {
      action.run();
    } catch (InputException e) {
      assertThat(e.getMessage()).as(what).matches("[^\\p{Cc}]+");
      assertThat(FolderListing.of(out)).as(what).isEqualTo(before);
      refused++;
    }
  }

  private void restore() throws IOException {
    for (String name : FolderListing.of(out).keySet()) {
      if (!name.endsWith("/") && !sound.containsKey(name)) {
        Files.delete(out.resolve(name));
      }
    }
    for (Map.Entry<String, String> file : sound.entrySet()) {
      if (!file.getKey().endsWith("/")) {
        write(file.getKey(), file.getValue());
      }
    }
  }

  private void write(String name, String text) throws IOException {
    Files.write(out.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void changedFilesAreShownOrRefused() throws IOException {
    List<String> names = new ArrayList<>(sound.keySet());
    names.removeIf(
        name ->
            name.endsWith("/")
                || !name.matches("experiment.json|(ledger|claims)/.*|cells/.*/run.json"));
    assertThat(names).hasSizeGreaterThan(6);
    int cases = Math.min(5_000, Integer.getInteger("fuzz.cases", 40));
    for (int i = 0; i < cases; i++) {
      String name = names.get(i % names.size());
      String text = sound.get(name);
      String changed = text.startsWith("{") ? JsonDamage.of(text, random) : bytes(text);
      write(name, changed);
      orRefused(name + ": " + changed, this::show);
      orRefused(name + ": " + changed, this::start);
      restore();
    }
    assertThat(refused).isPositive();
  }

  private String bytes(String text) {
    byte[] noise = new byte[random.nextInt(80)];
    random.nextBytes(noise);
    return random.nextBoolean()
        ? new String(noise, StandardCharsets.ISO_8859_1)
        : text.replaceAll("\\d+", String.valueOf(random.nextLong()));
  }
}
