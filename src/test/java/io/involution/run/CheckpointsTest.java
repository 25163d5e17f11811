package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.InputException;
import io.involution.model.ModelState;
import io.involution.run.Checkpoints.Checkpoint;
import io.involution.run.RunFolder.Mode;
import io.involution.train.RoundFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir private Path temporary;
  private Path out;
  private Checkpoints checkpoints;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void take() {
    out = temporary.resolve("run");
    RunFolder folder = RunFolder.take(out.toString(), Mode.NEW, new Configuration());
    checkpoints = new Checkpoints(folder, "convolution");
  }

  private void save(int... epochs) {
    for (int epoch : epochs) {
      checkpoints.epochEnded(RoundFixture.epoch(epoch, 5, Optional.empty()));
    }
  }

  private Path file(int epoch, String name) {
    return out.resolve("convolution/checkpoint-%05d/%s".formatted(epoch, name));
  }

  private void assertLatest(int epoch) {
    Checkpoint latest = checkpoints.latest(warnings::add).orElseThrow();
    assertThat(latest.epoch()).isEqualTo(epoch);
    ModelState expected = RoundFixture.epoch(epoch, 5, Optional.empty()).state();
    assertThat(latest.state().steps()).isEqualTo(epoch);
    assertThat(latest.state().parameters()).isEqualTo(expected.parameters());
    assertThat(latest.state().updater()).isEqualTo(expected.updater());
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
            "convolution/checkpoint-00003/_COMMITTED",
            "convolution/checkpoint-00003/state.bin",
            "convolution/checkpoint-00004/_COMMITTED",
            "convolution/checkpoint-00004/state.bin");
    assertThat(file(2, "")).doesNotExist();
    assertThat(warnings).isEmpty();
  }

  @Test
  void modelsDoNotMix() {
    RunFolder folder = RunFolder.take(out.toString(), Mode.RESUME, new Configuration());
    Checkpoints other = new Checkpoints(folder, "involution");
    other.epochEnded(RoundFixture.epoch(9, 5, Optional.empty()));

    assertThat(other.latest(warnings::add)).map(Checkpoint::epoch).contains(9);
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
  void interruptedCheckpointIsReplacedByTheSameEpoch() throws IOException {
    save(1, 2);
    Files.delete(file(2, "_COMMITTED"));
    Files.writeString(file(2, "state.bin"), "half");

    save(2);

    assertLatest(2);
    save(3);
    assertThat(file(2, "_COMMITTED")).exists();
    assertThat(file(1, "_COMMITTED")).doesNotExist();
  }

  @Test
  void damagedNewestGivesTheOlderOneWithAWarning() throws IOException {
    save(1, 2);
    byte[] sound = Files.readAllBytes(file(2, "state.bin"));
    for (int i = 0; i < sound.length; i++) {
      warnings.clear();
      byte[] damaged = sound.clone();
      damaged[i] ^= 1;
      Files.write(file(2, "state.bin"), damaged);

      assertLatest(1);
      assertThat(warnings).singleElement().asString().contains("checkpoint-00002 is damaged");
    }
    Files.delete(file(2, "state.bin"));
    assertLatest(1);
    Files.write(file(2, "state.bin"), sound);
    assertLatest(2);
  }

  @Test
  void markerOfAnotherStateDoesNotCommit() throws IOException {
    save(1, 2);
    Files.copy(
        file(1, "_COMMITTED"),
        file(2, "_COMMITTED"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertLatest(1);
    Files.writeString(file(1, "_COMMITTED"), "");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checkpoints.latest(warnings::add));
  }

  @Test
  void whenAllAreDamagedTheRunIsRefused() throws IOException {
    save(1, 2);
    Files.writeString(file(1, "state.bin"), "x");
    Files.writeString(file(2, "state.bin"), "x");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> checkpoints.latest(warnings::add))
        .withMessageContaining(out + "/convolution can be read")
        .withMessageContaining("--overwrite");
    assertThat(warnings).hasSize(2);
  }
}
