package io.involution.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.OutputOptions;
import io.involution.config.value.EpochCount;
import io.involution.data.Sha256;
import io.involution.driver.journal.ModelOutputs;
import io.involution.driver.journal.ResumeCheck;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.InputException;
import io.involution.metrics.JsonDamage;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.metrics.RecordingDisk;
import io.involution.metrics.ResultFixture;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.RunRecord;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import io.involution.run.BestModel;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.FolderListing;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochOutcome;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Course;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run has left to be resumed from says something else, with digests that agree: it is
 * resumed, or one line names the folder and nothing is touched.
 */
class ResumeFuzzTest {
  private static final Configuration HADOOP = RecordingDisk.settings("resume fuzz");
  private static final RunIdentity IDENTITY = new RunIdentity(Map.of("seed", "42", "workers", "2"));
  private static final String MODEL = "involution";
  private static final EpochPlan PLAN = new EpochPlan(100, 2, 10, 2);
  private static final int EPOCHS = 3;

  /** As long as the checkpoint's state. */
  private static final ModelState FRESH = RoundFixture.state(0, 0);

  private static final String NEWEST = MODEL + "/checkpoint-e00002-r00001-a00001/";

  @TempDir private Path temporary;
  private Path run;
  private RunRecord record;
  private Map<String, String> sound;
  private final Random random = new Random(Long.getLong("fuzz.seed", 7));
  private int refused;
  private int resumed;

  @BeforeEach
  void train() throws IOException {
    run = temporary.resolve("run");
    RunFolder folder = RunFolder.take(run.toString(), Mode.NEW, HADOOP);
    record = new RunRecord(folder, IDENTITY.values()).with(Map.of("workers", 2));
    record.write();
    Checkpoints checkpoints = new Checkpoints(folder, MODEL, IDENTITY.values());
    MetricsJournal rows = new MetricsJournal(MODEL, new MetricsFolder(folder));
    BestModel best = new BestModel(folder, MODEL);
    for (int epoch = 1; epoch <= 2; epoch++) {
      EpochOutcome outcome = RoundFixture.epoch(epoch, 5, Optional.of(epoch));
      round(rows, epoch);
      rows.epochEnded(outcome);
      best.epochEnded(outcome);
    }
    round(rows, 3);
    checkpoints.save(
        new Checkpoint(
            new TrainingPoint(
                new Position(2, 1), new EpochSums(20, 1.25, 4, 0.5), RoundFixture.state(3, 1)),
            rows.rows(),
            rows.parts()));
    sound = FolderListing.of(run);
  }

  private static void round(MetricsJournal rows, int epoch) {
    rows.roundEnded(PLAN.rounds(epoch).get(0), RoundFixture.outcome(10, 10));
  }

  private void finish() throws IOException {
    RunFolder folder = RunFolder.take(run.toString(), Mode.RESUME, HADOOP);
    folder.write(MODEL + "/model.zip", new byte[] {1, 2, 3});
    new MetricsFolder(folder).join(List.of(MODEL), EPOCHS, row -> {});
    RunRecord ended = new RunRecord(folder, IDENTITY.values());
    ended.result(MODEL, ResultFixture.afterOneEpoch());
    ended.done();
    sound = FolderListing.of(run);
  }

  private void write(String name, String text) throws IOException {
    Files.write(run.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void restore() throws IOException {
    for (String name : FolderListing.of(run).keySet()) {
      if (!name.endsWith("/") && !sound.containsKey(name)) {
        Files.delete(run.resolve(name));
      }
    }
    for (Map.Entry<String, String> file : sound.entrySet()) {
      if (!file.getKey().endsWith("/")) {
        Files.createDirectories(run.resolve(file.getKey()).getParent());
        write(file.getKey(), file.getValue());
      }
    }
  }

  /** Writes a marker with a digest that agrees. */
  private void mark(String line) throws IOException {
    String digest = Sha256.hex(line.getBytes(StandardCharsets.ISO_8859_1));
    write(NEWEST + "_COMMITTED", line + digest + "\n");
  }

  private String marker() {
    return sound.get(NEWEST + "_COMMITTED").lines().findFirst().orElseThrow() + "\n";
  }

  /** Writes a file that the marker speaks for, and the marker with the digest that agrees. */
  private void change(String name, UnaryOperator<String> change) throws IOException {
    String before = sound.get(name);
    String after = change.apply(before);
    write(name, after);
    mark(marker().replace(digest(before), digest(after)));
  }

  private static String digest(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static RunPlace place(Path run) {
    return RunPlace.check(new OutputOptions(Optional.of(run.toString()), true, false), HADOOP);
  }

  /** As train does. */
  private void resume(String what) throws IOException {
    Map<String, String> before = FolderListing.of(run);
    RunPlace place;
    try {
      place = place(run);
      place.workers();
      if (place.complete(IDENTITY).isPresent()) {
        return;
      }
      place
          .started()
          .ifPresent(
              started ->
                  new ResumeCheck(
                          started, IDENTITY.values(), new Course(PLAN, EpochCount.of(EPOCHS)))
                      .require(MODEL, FRESH));
    } catch (InputException e) {
      assertThat(e.getMessage()).as(what).contains(run.toString()).matches("[^\\p{Cc}]+");
      assertThat(FolderListing.of(run)).as(what).isEqualTo(before);
      refused++;
      return;
    }
    RunFolder folder = place.take(IDENTITY);
    Optional<Checkpoint> last =
        new Checkpoints(folder, MODEL, IDENTITY.values()).latest(line -> {});
    ModelOutputs outputs = new ModelOutputs(folder, MODEL, List.of("cat", "dog"), last);
    last.ifPresent(
        known -> assertThat(outputs.epochs(known.point().position().epochs())).isNotNull());
    new MetricsFolder(folder).join(List.of(MODEL), EPOCHS, row -> {});
    assertThat(RoundCosts.of(new MetricsFolder(folder).rows(), MODEL)).as(what).isNotNull();
    resumed++;
  }

  private static int cases() {
    return Math.min(5_000, Integer.getInteger("fuzz.cases", 150));
  }

  @Test
  void soundOnesAreResumed() throws IOException {
    resume("sound");

    assertThat(resumed).isEqualTo(1);
  }

  @Test
  void markersThatSaySomethingElse() throws IOException {
    for (int i = 0; i < cases(); i++) {
      String line = JsonDamage.changed(marker(), random);
      mark(line);
      resume(line);
      restore();
    }
    assertThat(refused).isPositive();
    assertThat(resumed).isPositive();
  }

  @Test
  void aStateOfAnotherNetworkIsRefused() throws IOException {
    ModelState fresh = RoundFixture.state(3, 1);
    List<ModelState> others =
        List.of(
            RoundFixture.state(3, 1, 2),
            RoundFixture.state(3),
            fresh.with(ModelState.UPDATER, new float[7]),
            fresh.with(ModelState.OUTER, new float[2]));
    for (ModelState other : others) {
      byte[] state = ModelStateFormat.write(other);
      change(NEWEST + "part-00000.bin", text -> new String(state, StandardCharsets.ISO_8859_1));
      resume("another network's state");
      restore();
    }
    assertThat(refused).isEqualTo(others.size());
  }

  @Test
  void aMarkerWithoutPartsIsDamaged() throws IOException {
    mark(marker().replaceFirst("\"parts\":\\{[^}]*\\}", "\"parts\":null"));
    resume("no parts");

    assertThat(refused).isEqualTo(1);
  }

  @Test
  void aMarkerThatNamesAnotherFileAsItsPartIsDamaged() throws IOException {
    Files.writeString(temporary.resolve("secret"), "");
    mark(
        marker()
            .replaceFirst(
                "\"parts\":\\{[^}]*\\}", "\"parts\":{\"../secret\":\"" + digest("") + "\"}"));
    resume("another file");

    assertThat(refused).isEqualTo(1);
  }

  @Test
  void rowsThatSaySomethingElse() throws IOException {
    List<String> names =
        List.of(
            NEWEST + "part-00001.jsonl",
            "metrics/part-involution-00001-00001.jsonl",
            "metrics/part-involution-00002-00001.jsonl");
    for (int i = 0; i < cases(); i++) {
      String name = names.get(i % names.size());
      change(name, text -> JsonDamage.of(text, random));
      resume(name + ": " + Files.readString(run.resolve(name), StandardCharsets.ISO_8859_1));
      restore();
    }
    assertThat(refused).isPositive();
    assertThat(resumed).isPositive();
  }

  @Test
  void recordsThatSaySomethingElse() throws IOException {
    for (boolean finished : new boolean[] {false, true}) {
      if (finished) {
        finish();
      }
      for (int i = 0; i < cases(); i++) {
        write("run.json", JsonDamage.of(sound.get("run.json"), random));
        resume(Files.readString(run.resolve("run.json"), StandardCharsets.ISO_8859_1));
        restore();
      }
    }
    assertThat(refused).isPositive();
  }
}
