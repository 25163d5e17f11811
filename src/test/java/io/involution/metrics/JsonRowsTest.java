package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.files.WholeFile;
import io.involution.run.RunFolder.Mode;
import io.involution.train.RoundFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rows of metrics.jsonl: exactly these keys, and these figures for the fixture's rounds. */
class JsonRowsTest extends NewRunFolder {
  private Path part(String model, int epoch) {
    return temporary.resolve(
        String.format(Locale.ROOT, "run/metrics/part-%s-%05d-00001.jsonl", model, epoch));
  }

  private void write(String model, int epoch) {
    MetricsJournal journal = new MetricsJournal(model, metrics);
    journal.roundEnded(
        new io.involution.train.time.Round(epoch, 1, 0, 8, 12), RoundFixture.outcome(60, 40));
    journal.epochEnded(RoundFixture.epoch(epoch, 7, Optional.of(6)));
  }

  private static List<String> keys(JsonNode row) {
    List<String> keys = new ArrayList<>();
    row.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private List<JsonNode> rows(String model, int epoch) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(part(model, epoch))) {
      rows.add(Json.tree(line.getBytes(StandardCharsets.UTF_8)));
    }
    return rows;
  }

  @Test
  void rowsHaveTheDocumentedKeys() throws IOException {
    write("convolution", 3);

    List<JsonNode> rows = rows("convolution", 3);
    assertThat(rows)
        .extracting(row -> row.get("type").asText())
        .containsExactly("worker", "worker", "round", "epoch");
    assertThat(keys(rows.get(0)))
        .containsExactly(
            "type",
            "model",
            "epoch",
            "round",
            "worker",
            "examples",
            "loss_sum",
            "correct",
            "seconds",
            "bytes_received",
            "bytes_sent",
            "host",
            "executor",
            "device",
            "attempt");
    assertThat(keys(rows.get(0).get("seconds")))
        .containsExactly("receive", "load", "steps", "extract");
    assertThat(keys(rows.get(2)))
        .containsExactly(
            "type",
            "model",
            "epoch",
            "round",
            "steps",
            "examples",
            "seconds",
            "skew",
            "slowest_worker",
            "slowest_host",
            "bytes_sent",
            "bytes_received",
            "run_attempt");
    assertThat(keys(rows.get(2).get("seconds"))).containsExactly("broadcast", "workers", "average");
    assertThat(keys(rows.get(3)))
        .containsExactly(
            "type",
            "model",
            "epoch",
            "examples",
            "train_loss",
            "train_accuracy",
            "test_loss",
            "test_accuracy",
            "test_examples",
            "validation_loss",
            "validation_accuracy",
            "round_seconds",
            "evaluate_seconds");
  }

  @Test
  void rowsHaveTheFiguresOfTheRound() throws IOException {
    write("convolution", 3);

    assertThat(Files.readAllLines(part("convolution", 3)))
        .containsExactly(
            """
            {"type":"worker","model":"convolution","epoch":3,"round":1,"worker":0,"examples":60,\
            "loss_sum":120.0,"correct":30,\
            "seconds":{"receive":0.25,"load":0.5,"steps":4.0,"extract":1.0},\
            "bytes_received":100,"bytes_sent":100,"host":"host0","executor":"exec0",\
            "device":"cpu","attempt":0}\
            """,
            """
            {"type":"worker","model":"convolution","epoch":3,"round":1,"worker":1,"examples":40,\
            "loss_sum":80.0,"correct":20,\
            "seconds":{"receive":0.25,"load":0.5,"steps":4.0,"extract":1.0},\
            "bytes_received":100,"bytes_sent":100,"host":"host1","executor":"exec1",\
            "device":"cpu","attempt":1}\
            """,
            """
            {"type":"round","model":"convolution","epoch":3,"round":1,"steps":8,"examples":100,\
            "seconds":{"broadcast":1.0,"workers":8.0,"average":1.0},\
            "skew":1.0,"slowest_worker":0,"slowest_host":"host0",\
            "bytes_sent":100,"bytes_received":200,"run_attempt":1}\
            """,
            """
            {"type":"epoch","model":"convolution","epoch":3,"examples":100,"train_loss":1.5,\
            "train_accuracy":0.6,"test_loss":1.0,"test_accuracy":0.7,"test_examples":10,\
            "validation_loss":1.0,"validation_accuracy":0.6,"round_seconds":20.0,\
            "evaluate_seconds":5.0}\
            """);
  }

  @Test
  void whatATrainerCannotKnowIsNullAndThere() throws IOException {
    MetricsJournal journal = new MetricsJournal("involution", metrics);
    journal.workersUnknown(1, List.of(13, 12));
    io.involution.train.EpochOutcome known = RoundFixture.epoch(1, 7, Optional.empty());
    journal.epochEnded(
        new io.involution.train.EpochOutcome(
            1, Optional.empty(), 25, known.test(), Optional.empty(), known.state(), 1, 2));

    List<JsonNode> rows = rows("involution", 1);
    assertThat(rows).hasSize(3);
    assertThat(keys(rows.get(1))).hasSize(15);
    assertThat(rows.get(1).get("worker").asInt()).isEqualTo(1);
    assertThat(rows.get(1).get("examples").asInt()).isEqualTo(12);
    for (String key : List.of("loss_sum", "correct", "seconds", "bytes_sent", "host", "attempt")) {
      assertThat(rows.get(1).get(key).isNull()).as(key).isTrue();
    }
    for (String key :
        List.of("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")) {
      assertThat(rows.get(2).get(key).isNull()).as(key).isTrue();
    }
    EpochRow row = metrics.epoch("involution", 1).orElseThrow();
    assertThat(row.trainLoss()).isNull();
    assertThat(row.testAccuracy()).isEqualTo(0.7);
  }

  @Test
  void epochIsReadBackAsItWasWritten() {
    write("convolution", 1);
    write("convolution", 2);

    assertThat(metrics.epochs("convolution", 2))
        .containsExactly(
            EpochRow.of("convolution", RoundFixture.epoch(1, 7, Optional.of(6))),
            EpochRow.of("convolution", RoundFixture.epoch(2, 7, Optional.of(6))));
  }

  @Test
  void partThatWasCutOffDoesNotCount() throws IOException {
    write("convolution", 1);
    byte[] whole = Files.readAllBytes(part("convolution", 1));
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(part("convolution", 1), java.util.Arrays.copyOf(whole, length));
      assertThat(metrics.epoch("convolution", 1)).as("%d bytes", length).isEmpty();
    }
    for (String text : List.of("\n", "null\n", "1\n", "[]\n", "{}\n", "\"epoch\"\n", "\0\0\0")) {
      Files.writeString(part("convolution", 1), text);
      assertThat(metrics.epoch("convolution", 1)).as(text).isEmpty();
    }
    assertThat(metrics.epoch("convolution", 2)).isEmpty();
    assertThat(metrics.epoch("involution", 1)).isEmpty();
  }

  @Test
  void aNetworksNameMayBeginWithAnothers() {
    write("involution-wide", 1);
    assertThat(metrics.epoch("involution", 1)).isEmpty();

    write("involution", 1);
    assertThat(metrics.epoch("involution-wide", 1).orElseThrow().model())
        .isEqualTo("involution-wide");
    metrics.keepOnly("involution", java.util.Set.of());
    assertThat(folder.list("metrics")).containsExactly("part-involution-wide-00001-00001.jsonl");
  }

  @Test
  void partOfAnotherEpochDoesNotCount() throws IOException {
    write("convolution", 1);
    Files.copy(part("convolution", 1), part("convolution", 2));

    assertThat(metrics.epoch("convolution", 2)).isEmpty();
  }

  @Test
  void missingPartIsNamed() {
    write("convolution", 1);

    org.assertj.core.api.Assertions.assertThatExceptionOfType(
            io.involution.failure.InputException.class)
        .isThrownBy(() -> metrics.epochs("convolution", 2))
        .withMessageContaining("metrics has no complete part for epoch 2 of convolution");
  }

  @Test
  void rewrittenPartReplacesTheOldOne() {
    write("convolution", 1);
    MetricsJournal journal = new MetricsJournal("convolution", metrics);
    journal.epochEnded(RoundFixture.epoch(1, 9, Optional.empty()));

    assertThat(metrics.epoch("convolution", 1).orElseThrow().testAccuracy()).isEqualTo(0.9);
    assertThat(folder.list("metrics")).containsExactly("part-convolution-00001-00001.jsonl");
  }

  @Test
  void laterAttemptHasItsOwnPartWhichCounts() {
    write("convolution", 1);
    write("convolution", 2);
    write("involution", 2);
    take(Mode.RESUME);
    MetricsJournal journal = new MetricsJournal("convolution", metrics);
    journal.goOn(
        List.of("{\"type\":\"worker\",\"model\":\"convolution\",\"worker\":7}"),
        java.util.Map.of("metrics/part-of-before", "digest"));
    journal.epochEnded(RoundFixture.epoch(2, 9, Optional.empty()));

    assertThat(metrics.epoch("convolution", 2).orElseThrow().testAccuracy()).isEqualTo(0.9);
    assertThat(metrics.rows()).hasSize(4 + 2 + 4);
    assertThat(metrics.rows().get(4))
        .isInstanceOfSatisfying(WorkerRow.class, row -> assertThat(row.worker()).isEqualTo(7));
    assertThat(journal.parts())
        .containsOnlyKeys("metrics/part-of-before", "metrics/part-convolution-00002-00002.jsonl");

    metrics.keepOnly("convolution", java.util.Set.of("metrics/part-convolution-00001-00001.jsonl"));
    assertThat(folder.list("metrics"))
        .containsExactly("part-convolution-00001-00001.jsonl", "part-involution-00002-00001.jsonl");
  }

  @Test
  void partsAreJoinedModelByModelAndEpochByEpoch() throws IOException {
    for (int epoch : new int[] {2, 1, 10}) {
      write("involution", epoch);
      write("convolution", epoch);
    }

    metrics.join(List.of("convolution", "involution"), 10, row -> {});

    List<String> order = new ArrayList<>();
    for (MetricsRow row : metrics.rows()) {
      if (row instanceof EpochRow) {
        order.add(row.model() + row.epoch());
      }
    }
    assertThat(order)
        .containsExactly(
            "convolution1",
            "convolution2",
            "convolution10",
            "involution1",
            "involution2",
            "involution10");
    assertThat(Files.readAllLines(temporary.resolve("run/metrics.jsonl"))).hasSize(6 * 4);
  }

  @Test
  void aPartThatIsDamagedLeavesNoJoinedFile() throws IOException {
    write("involution", 1);
    Files.writeString(part("involution", 1), "{\n");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> metrics.join(List.of("involution"), 1, row -> {}))
        .withMessageContaining("part-involution-00001-00001.jsonl is damaged in line 1");
    assertThat(folder.list("")).doesNotContain("metrics.jsonl");
  }

  /** Each alone could be read. */
  @Test
  void partsThatAreTooMuchTogetherAreNotRead() throws IOException {
    write("involution", 1);
    for (int epoch = 2; epoch <= 3; epoch++) {
      try (RandomAccessFile sparse =
          new RandomAccessFile(part("involution", epoch).toFile(), "rw")) {
        sparse.setLength(WholeFile.most(MetricsFolder.ALL) / 3L * 2);
      }
    }

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> metrics.rows())
        .withMessageContainingAll("holds too much (", "--driver-memory");
  }
}
