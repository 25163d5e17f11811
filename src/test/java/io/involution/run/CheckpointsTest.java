package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.training.UpdaterStateChoice;
import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.UpdaterSections;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final Map<String, String> IDENTITY = Map.of("seed", "42", "workers", "2");

  @TempDir private Path temporary;
  private Path out;
  private RunFolder folder;
  private Checkpoints checkpoints;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void take() {
    out = temporary.resolve("run");
    take(Mode.NEW);
  }

  private void take(Mode mode) {
    folder = RunFolder.take(out.toString(), mode, new Configuration());
    checkpoints = new Checkpoints(folder, "convolution", IDENTITY);
  }

  /** A checkpoint in the middle of the epoch after so many. */
  private static Checkpoint made(int epochs, Map<String, String> parts) {
    TrainingPoint point =
        new TrainingPoint(
            new Position(epochs, 7),
            new EpochSums(33, 0.1 + epochs, 11, 1.5),
            RoundFixture.state(epochs, epochs, -epochs, 0.25f));
    return new Checkpoint(point, List.of("{\"a\":" + epochs + "}", "{\"b\":1}"), parts);
  }

  private void save(int... epochs) {
    for (int epoch : epochs) {
      checkpoints.save(made(epoch, Map.of()));
    }
  }

  private Path file(int epochs, String name) {
    return out.resolve(
        String.format(Locale.ROOT, "convolution/checkpoint-e%05d-r00007-a00001/%s", epochs, name));
  }

  private void assertLatest(int epochs) {
    Checkpoint latest = checkpoints.latest(warnings::add).orElseThrow();
    Checkpoint expected = made(epochs, Map.of());
    assertThat(latest.point().position()).isEqualTo(expected.point().position());
    assertThat(latest.point().sums()).isEqualTo(expected.point().sums());
    assertThat(latest.point().state().steps()).isEqualTo(epochs);
    assertThat(latest.point().state().parameters())
        .isEqualTo(expected.point().state().parameters());
    assertThat(latest.point().state().updater()).isEqualTo(expected.point().state().updater());
    assertThat(latest.rows()).isEqualTo(expected.rows());
  }

  @Test
  void withoutCheckpointsThereIsNone() {
    assertThat(checkpoints.latest(warnings::add)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void newestTwoAreKept() throws IOException {
    save(1);
    assertLatest(1);
    save(2, 3, 4);

    assertLatest(4);
    assertThat(FolderListing.files(out))
        .containsExactly(
            "attempts/attempt-00001",
            "convolution/checkpoint-e00003-r00007-a00001/_COMMITTED",
            "convolution/checkpoint-e00003-r00007-a00001/part-00000.bin",
            "convolution/checkpoint-e00003-r00007-a00001/part-00001.jsonl",
            "convolution/checkpoint-e00004-r00007-a00001/_COMMITTED",
            "convolution/checkpoint-e00004-r00007-a00001/part-00000.bin",
            "convolution/checkpoint-e00004-r00007-a00001/part-00001.jsonl");
    assertThat(file(2, "")).doesNotExist();
    assertThat(warnings).isEmpty();
  }

  @Test
  void laterInAnEpochIsNewer() {
    TrainingPoint point = made(1, Map.of()).point();
    for (int rounds : new int[] {9, 10, 11, 99_999, 100_000}) {
      checkpoints.save(
          new Checkpoint(
              new TrainingPoint(new Position(1, rounds), point.sums(), point.state()),
              List.of(),
              Map.of()));
    }
    assertThat(checkpoints.latest(warnings::add).orElseThrow().point().position())
        .isEqualTo(new Position(1, 100_000));
    assertThat(folder.list("convolution")).hasSize(2);
  }

  @Test
  void modelsDoNotMix() {
    Checkpoints other = new Checkpoints(folder, "involution", IDENTITY);
    other.save(made(9, Map.of()));

    assertThat(other.latest(warnings::add)).isPresent();
    assertThat(checkpoints.latest(warnings::add)).isEmpty();
  }

  @Test
  void checkpointWithoutItsMarkerDoesNotCount() throws IOException {
    save(1, 2);
    Files.delete(file(2, "_COMMITTED"));
    assertLatest(1);
    Files.delete(file(1, "_COMMITTED"));

    assertThat(checkpoints.latest(warnings::add)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatAFailedAttemptLeftIsDeletedAndTheGoodOnesStay() throws IOException {
    save(1, 2, 3);
    Files.writeString(file(3, "part-00000.bin"), "half");
    take(Mode.RESUME);
    assertLatest(2);

    save(3);

    assertThat(folder.list("convolution"))
        .containsExactly("checkpoint-e00002-r00007-a00001", "checkpoint-e00003-r00007-a00002");
    assertLatest(3);
  }

  @Test
  void fencedAttemptCommitsNothing() throws IOException {
    save(1);
    Checkpoints old = checkpoints;
    take(Mode.RESUME);
    Map<String, String> before = FolderListing.of(out);

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> old.save(made(2, Map.of())))
        .withMessageContaining("another run has taken --out");
    assertThat(FolderListing.of(out)).isEqualTo(before);
    assertLatest(1);
  }

  @Test
  void checkpointOfAnotherRunIsRefused() {
    save(1);
    Checkpoints other = new Checkpoints(folder, "convolution", Map.of("seed", "7", "workers", "2"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> other.latest(warnings::add))
        .withMessageContaining("--resume: seed was 42 in ")
        .withMessageContaining("is 7 now");
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    save(1);
    CheckpointMarker marker =
        CheckpointMarker.read(Files.readAllBytes(file(1, "_COMMITTED")), "it").orElseThrow();
    CheckpointMarker newer =
        new CheckpointMarker(
            2, marker.identity(), marker.position(), marker.sums(), marker.files(), marker.parts());
    Files.write(file(1, "_COMMITTED"), newer.bytes());

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checkpoints.latest(warnings::add))
        .withMessageContaining("format version 2");
  }

  /** The workers begin with one and the same array. */
  private static ModelState ofWorkers(int workers, int floatsEach) {
    ModelState fresh = ModelState.of(0, new float[1000], new float[floatsEach]);
    return new UpdaterSections(UpdaterStateChoice.LOCAL).initial(fresh, workers);
  }

  @Test
  void updaterStatesThatNoFileHoldsAreRefused() {
    int megabyte = 1 << 18;
    ModelState most = ofWorkers(2046, megabyte);
    Checkpoints.requireRoom("convolution", most, 0);

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Checkpoints.requireRoom("convolution", most, 1 << 20))
        .withMessageContaining("2,146,439,072 bytes");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Checkpoints.requireRoom("convolution", ofWorkers(2048, megabyte), 0))
        .withMessage(
            "--updater-state local makes checkpoints of convolution of 2,147,487,648 bytes with the"
                + " updater states of 2048 workers, but one can hold 2,146,435,072: lower"
                + " --workers, or use --updater-state averaged");
  }

  @Test
  void whenAllAreDamagedTheRunIsRefused() throws IOException {
    save(1, 2);
    Files.writeString(file(1, "part-00000.bin"), "x");
    Files.writeString(file(2, "part-00000.bin"), "x");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checkpoints.latest(warnings::add))
        .withMessageContaining(out + "/convolution can be read")
        .withMessageContaining("--overwrite");
    assertThat(warnings).hasSize(2);
  }
}
