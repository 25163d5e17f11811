package io.involution.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.OutputOptions;
import io.involution.config.TrainConfig;
import io.involution.driver.input.StepRules;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.InputException;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.metrics.ResultFixture;
import io.involution.metrics.RunRecord;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunPlaceTest {
  private static final Configuration HADOOP = new Configuration();
  private static final RunIdentity IDENTITY =
      new RunIdentity(Map.of("seed", "42", "workers", "2", "init_sha256", ""));

  /** Both networks; 10 steps an epoch, in rounds of 4 and less. */
  private static final StepRules RULES =
      new StepRules(TrainConfig.defaults(), new EpochPlan(100, 1, 10, 4));

  /** The end of 9.9 epochs. */
  private static final Position CUT = new Position(9, 3, 9);

  @TempDir private Path temporary;

  private String out() {
    return temporary.resolve("run").toString();
  }

  private RunPlace resume() {
    return RunPlace.check(new OutputOptions(Optional.of(out()), true, false), HADOOP);
  }

  private RunIdentity goingOn(RunIdentity identity) {
    return resume().goingOn(identity, RULES);
  }

  /** Saves a checkpoint of the run, as its next attempt. */
  private RunFolder reached(Position position, RunIdentity identity) {
    RunFolder folder = RunFolder.take(out(), Mode.RESUME, HADOOP);
    TrainingPoint point = new TrainingPoint(position, EpochSums.NONE, RoundFixture.state(1, 1));
    new Checkpoints(folder, "involution", identity.values())
        .save(new Checkpoint(point, List.of(), Map.of()));
    return folder;
  }

  private RunRecord record(RunIdentity identity) {
    RunRecord record = new RunRecord(RunFolder.take(out(), Mode.RESUME, HADOOP), identity.values());
    record.write();
    return record;
  }

  private static RunIdentity with(String key, String value) {
    Map<String, String> values = new LinkedHashMap<>(IDENTITY.values());
    values.put(key, value);
    return new RunIdentity(values);
  }

  @Test
  void whereThereIsNothingTheRunBegins() {
    RunPlace place = resume();

    assertThat(place.isFresh()).isTrue();
    assertThat(place.workers()).isEmpty();
    assertThat(place.complete(IDENTITY)).isEmpty();
    assertThat(place.take(IDENTITY).attempt()).isEqualTo(1);
  }

  @Test
  void aRunThatDiedBeforeItsRecordBeginsAgain() {
    RunFolder.take(out(), Mode.NEW, HADOOP);

    assertThat(resume().isFresh()).isTrue();
    assertThat(resume().take(IDENTITY).attempt()).isEqualTo(2);
  }

  @Test
  void theSameRunGoesOnAndTheWorkersAreItsOwn() {
    record(IDENTITY);
    RunPlace place = resume();

    assertThat(place.isFresh()).isFalse();
    assertThat(place.workers()).contains(2);
    assertThat(place.complete(IDENTITY)).isEmpty();
    assertThat(place.take(IDENTITY).attempt()).isEqualTo(2);
  }

  @Test
  void aRunThatIsCompleteIsLeftAlone() {
    record(IDENTITY).done();
    RunPlace place = resume();

    assertThat(place.complete(IDENTITY)).isPresent();
    assertThat(place.completeWorkers()).contains(2);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> place.complete(with("seed", "7")));
  }

  private void complete(boolean checkpoint) throws IOException {
    complete(checkpoint, IDENTITY);
  }

  private void complete(boolean checkpoint, RunIdentity identity) throws IOException {
    RunFolder folder = RunFolder.take(out(), Mode.NEW, HADOOP);
    folder.write("involution/model.zip", new byte[] {1, 2, 3});
    folder.write("metrics.jsonl", new byte[0]);
    if (checkpoint) {
      folder.write("involution/checkpoint-e00001-r00000-a00001/_COMMITTED", new byte[1]);
    }
    RunRecord record = new RunRecord(folder, identity.values());
    record.result("involution", ResultFixture.afterOneEpoch());
    record.done();
  }

  private static RunIdentity lasting(String decay, String epochs, String patience) {
    Map<String, String> values = new LinkedHashMap<>(IDENTITY.values());
    values.put("learning_rate_decay", decay);
    values.put("epochs", epochs);
    values.put("patience", patience);
    return new RunIdentity(values);
  }

  @ParameterizedTest
  @CsvSource({"30, 3", "20, 5", "20, 0", "30, 0"})
  void aRunMayGoOnForLonger(String epochs, String patience) {
    record(lasting("constant", "20", "3"));
    RunIdentity longer = goingOn(lasting("constant", epochs, patience));

    // The same as that of a run that was to be so long from the start.
    assertThat(longer).isEqualTo(lasting("constant", epochs, patience));
    assertThat(longer.howItGoesOn()).contains("its bits are those of a run that was to");
    assertThat(resume().isExtended(longer)).isTrue();
    assertThat(resume().take(longer).attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"19, 3, epochs was 20", "20, 2, patience was 3"})
  void aRunMayNotEndBeforeItHasEnded(String epochs, String patience, String line) {
    record(lasting("constant", "20", "3"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> resume().take(lasting("constant", epochs, patience)))
        .withMessageContaining(line)
        .withMessageEndingWith(": use the same value or a higher one, or another --out");
  }

  /** Another average was taken where the first part ended, so its bits are its own. */
  @Test
  void aRunThatEndedWithinAnEpochMayGoOnWithinIt() {
    RunIdentity before = lasting("constant", "9.9", "0");
    record(before);
    RunPlace place = resume();
    RunIdentity early = place.goingOn(lasting("constant", "12", "0"), RULES);
    assertThat(early).isEqualTo(lasting("constant", "12", "0"));
    // It was still being trained.
    reached(CUT, before);
    RunIdentity longer = place.goingOn(early, RULES);

    assertThat(longer.values()).containsEntry("scheduled_epochs", "9.9, 12");
    assertThat(longer.howItGoesOn()).contains("not those of a run").contains("9.9, 12");
    assertThat(goingOn(longer)).isEqualTo(longer);
    assertThat(resume().take(longer).attempt()).isEqualTo(3);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> resume().take(lasting("constant", "9.8", "0")))
        .withMessageContaining("epochs was 9.9");
  }

  private static RunIdentity validated(String epochs) {
    Map<String, String> values = new LinkedHashMap<>(lasting("constant", epochs, "3").values());
    values.put("validation", "5");
    return new RunIdentity(values);
  }

  /** The best epoch may be the one that was cut short, whose row says that it has ended. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withValidationItMayNot(boolean sound) {
    record(validated("9.9"));
    RunFolder folder = reached(sound ? CUT : new Position(9, 0), validated("9.9"));
    if (!sound) {
      new MetricsJournal("involution", new MetricsFolder(folder))
          .epochEnded(RoundFixture.epoch(10, 7, Optional.of(6)));
    }

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> goingOn(validated("12")))
        .withMessageContaining("epochs was 9.9")
        .withMessageEndingWith("use another --out");
  }

  /** Stopped, ended by its patience, or cut by less than a step. */
  @ParameterizedTest
  @CsvSource({"9.9, 2, 1", "9.9, 6, 0", "9.9, 9, 2", "9.95, 10, 0"})
  void aRunThatHasNotEndedWithinAnEpochGoesOnLikeAnyOther(String epochs, int ended, int rounds) {
    record(validated(epochs));
    reached(new Position(ended, rounds), validated(epochs));

    assertThat(goingOn(validated("12"))).isEqualTo(validated("12"));
  }

  @Test
  void aScheduleThatKnowsItsEndIsRememberedInTheIdentity() {
    record(lasting("cosine", "20", "0"));

    record(goingOn(lasting("cosine", "30", "0")));
    record(goingOn(lasting("cosine", "30", "0")));
    RunIdentity third = goingOn(lasting("cosine", "40", "0"));

    assertThat(third.values()).containsEntry("scheduled_epochs", "20, 30, 40");
    assertThat(third.howItGoesOn()).contains("cosine schedule of all 40 epochs", "20, 30, 40");
    assertThat(resume().take(third).attempt()).isEqualTo(4);
    assertThat(third).isNotEqualTo(lasting("cosine", "40", "0"));
  }

  @Test
  void aCompleteRunGoesOnFromItsCheckpointsOnly() throws IOException {
    complete(true, lasting("constant", "20", "0"));
    assertThat(resume().complete(lasting("constant", "20", "0"))).isPresent();
    assertThat(resume().complete(lasting("constant", "21", "0"))).isEmpty();
    // What it goes on from is checked before anything of it is changed.
    assertThat(resume().started()).isPresent();
    Files.delete(temporary.resolve("run/involution/checkpoint-e00001-r00000-a00001/_COMMITTED"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> resume().complete(lasting("constant", "21", "0")))
        .withMessageContaining("has no checkpoint of involution left to go on from");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0\0", "\1\2\4", "longer than it was"})
  void aDamagedFileOfACompleteRunIsRepaired(String content) throws IOException {
    complete(true);
    assertThat(resume().complete(IDENTITY)).isPresent();
    Files.writeString(temporary.resolve("run/involution/model.zip"), content);

    RunPlace place = resume();

    assertThat(place.complete(IDENTITY)).isEmpty();
    assertThat(place.damaged()).hasSize(1);
    assertThat(place.damaged().get(0).shown()).startsWith("involution/model.zip (");
  }

  @Test
  void withoutACheckpointItSaysWhatIsLost() throws IOException {
    complete(false);
    Files.delete(temporary.resolve("run/involution/model.zip"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(this::resume)
        .withMessageStartingWith("involution/model.zip (missing) is lost from the finished run in ")
        .withMessageEndingWith("or train again with --overwrite");
  }

  @Test
  void aRecordWithoutFilesStillCounts() throws IOException {
    complete(true);
    Path record = temporary.resolve("run/run.json");
    Files.writeString(record, Files.readString(record).replace("\"files\"", "\"others\""));
    Files.delete(temporary.resolve("run/involution/model.zip"));

    assertThat(resume().complete(IDENTITY)).isPresent();
  }

  @Test
  void anotherIdentityIsRefusedWithTheDifference() {
    record(IDENTITY);
    Map<RunIdentity, String> others =
        Map.of(
            with("seed", "7"), "seed was 42 in " + out() + " and is 7 now",
            with("init_sha256", "ab"), "init_sha256 was none in " + out() + " and is ab now",
            with("more", "x"), "more was unknown in " + out() + " and is x now");

    others.forEach(
        (other, line) ->
            assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> resume().take(other))
                .withMessage("--resume: " + line + ": use the same value, or another --out"));
    assertThat(temporary.resolve("run/attempts/attempt-00002")).doesNotExist();
  }

  @Test
  void aRunThatBeganThereSinceTheFirstLookIsNotTakenFor() {
    RunPlace place = resume();
    record(with("seed", "7"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> place.take(IDENTITY))
        .withMessageContaining("seed was 7");
  }

  /** Whatever byte of the record a disk changes: a clear line, or the run goes on as it was. */
  @Test
  void everyByteOfTheRecordThatIsFlippedIsHarmless() throws IOException {
    record(IDENTITY);
    Path file = temporary.resolve("run/run.json");
    byte[] sound = Files.readAllBytes(file);
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      try {
        RunPlace place = resume();
        assertThat(place.complete(IDENTITY)).as("byte %d", i).isEmpty();
        assertThat(place.workers().orElse(2)).as("byte %d", i).isEqualTo(2);
      } catch (InputException e) {
        assertThat(e.getMessage()).contains(out()).doesNotContain("\n");
      }
    }
  }
}
