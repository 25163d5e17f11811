package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.model.state.ModelStateFormat;
import io.involution.run.RunFolder.Mode;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestModelTest {
  @TempDir private Path temporary;
  private RunFolder folder;
  private Checkpoints checkpoints;
  private BestModel best;

  @BeforeEach
  void take() {
    folder = RunFolder.take(temporary.resolve("run").toString(), Mode.NEW, new Configuration());
    checkpoints = new Checkpoints(folder, "convolution", Map.of("seed", "42"));
    best = new BestModel(folder, "convolution");
  }

  private void epoch(int epoch, int validationCorrect) {
    best.epochEnded(RoundFixture.epoch(epoch, 9 - epoch, Optional.of(validationCorrect)));
  }

  /** A checkpoint at the end of an epoch. */
  private void checkpoint(int epoch) {
    TrainingPoint point = TrainingPoint.after(epoch, RoundFixture.state(epoch, epoch));
    checkpoints.save(new Checkpoint(point, List.of(), Map.of()));
  }

  /** As after a kill; so far, the run knows of no epoch. */
  private void resume() {
    best = new BestModel(folder, "convolution");
  }

  private List<String> kept() {
    return folder.list("convolution").stream()
        .filter(name -> name.startsWith("best-state"))
        .toList();
  }

  private long bestEpoch() {
    // The fixture's states carry their epoch as step count.
    return best.state().orElseThrow().steps();
  }

  @Test
  void firstOfTheBestValidationAccuraciesIsKept() {
    epoch(1, 4);
    assertThat(bestEpoch()).isEqualTo(1);
    epoch(2, 6);
    epoch(3, 6);
    epoch(4, 5);

    assertThat(bestEpoch()).isEqualTo(2);
    assertThat(best.state().orElseThrow().parameters()).containsExactly(2, -2, 0.25f);
    assertThat(folder.list("convolution")).containsExactly("best-state-e00002.bin");
  }

  @Test
  void accuracyOfZeroIsBetterThanNone() {
    epoch(1, 0);

    assertThat(bestEpoch()).isEqualTo(1);
  }

  @Test
  void withoutValidationNothingIsKept() {
    best.epochEnded(RoundFixture.epoch(1, 5, Optional.empty()));
    best.remember(2, null);

    assertThat(best.state()).isEmpty();
    assertThat(folder.list("convolution")).isEmpty();
  }

  @Test
  void modelThatIsMissingOrDamagedIsNamed() throws IOException {
    epoch(1, 4);
    Path file = temporary.resolve("run/convolution/best-state-e00001.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(best::check)
        .withMessageContaining(file + " cannot be used");
    Files.delete(file);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(best::check)
        .withMessageContaining(file + " is missing")
        .withMessageContaining("--overwrite");
  }

  @Test
  void resumedRunRemembersWhatItsFirstAttemptReached() {
    epoch(1, 4);
    epoch(2, 6);
    resume();
    best.remember(1, 0.4);
    best.remember(2, 0.6);
    best.remember(3, 0.5);
    epoch(4, 6);

    assertThat(bestEpoch()).isEqualTo(2);
    epoch(5, 7);
    assertThat(bestEpoch()).isEqualTo(5);
  }

  /** With another schedule, the epoch after the checkpoint becomes another one. */
  @Test
  void anEpochThatNoCheckpointCoversReplacesNothing() {
    epoch(1, 4);
    checkpoint(1);
    epoch(2, 6);
    resume();
    best.remember(1, 0.4);
    epoch(2, 3);

    assertThat(bestEpoch()).isEqualTo(1);
    assertThat(best.state().orElseThrow().parameters()).containsExactly(1, -1, 0.25f);
  }

  /** The newest checkpoint may turn out to be damaged. */
  @Test
  void bothCheckpointsHaveTheirBestModels() {
    for (int epoch = 1; epoch <= 6; epoch++) {
      epoch(epoch, epoch);
      checkpoint(epoch);
    }
    epoch(7, 7);

    assertThat(kept())
        .containsExactly("best-state-e00005.bin", "best-state-e00006.bin", "best-state-e00007.bin");
    resume();
    best.remember(5, 0.5);
    assertThat(bestEpoch()).isEqualTo(5);
    epoch(6, 8);
    assertThat(kept()).containsExactly("best-state-e00005.bin", "best-state-e00006.bin");
  }

  @Test
  void aRunOfAnEarlierVersionGoesOn() {
    folder.write(
        "convolution/best-state.bin", ModelStateFormat.write(RoundFixture.state(3, 3, -3, 0.25f)));
    checkpoint(3);
    resume();
    best.remember(3, 0.4);

    assertThat(bestEpoch()).isEqualTo(3);
    epoch(4, 5);
    assertThat(kept()).containsExactly("best-state-e00004.bin", "best-state.bin");
    checkpoint(4);
    checkpoint(5);
    epoch(6, 7);
    assertThat(kept()).containsExactly("best-state-e00004.bin", "best-state-e00006.bin");
    assertThat(bestEpoch()).isEqualTo(6);
  }

  @Test
  void overwritingTakesAllOfThemAway() throws IOException {
    Path out = temporary.resolve("run");
    epoch(1, 4);
    folder.write("convolution/best-state.bin", new byte[0]);

    RunFolder.take(out.toString(), Mode.OVERWRITE, new Configuration());

    assertThat(FolderListing.files(out)).containsExactly("attempts/attempt-00001");
  }
}
