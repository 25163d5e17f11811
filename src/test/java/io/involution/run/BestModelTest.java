package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.run.RunFolder.Mode;
import io.involution.train.RoundFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestModelTest {
  @TempDir private Path temporary;
  private RunFolder folder;
  private BestModel best;

  @BeforeEach
  void take() {
    folder = RunFolder.take(temporary.resolve("run").toString(), Mode.NEW, new Configuration());
    best = new BestModel(folder, "convolution");
  }

  private void epoch(int epoch, int validationCorrect) {
    best.epochEnded(RoundFixture.epoch(epoch, 9 - epoch, Optional.of(validationCorrect)));
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
    assertThat(folder.list("convolution")).containsExactly("best-state.bin");
  }

  @Test
  void accuracyOfZeroIsBetterThanNone() {
    epoch(1, 0);

    assertThat(bestEpoch()).isEqualTo(1);
  }

  @Test
  void withoutValidationNothingIsKept() {
    best.epochEnded(RoundFixture.epoch(1, 5, Optional.empty()));
    best.remember(null);

    assertThat(best.state()).isEmpty();
    assertThat(folder.list("convolution")).isEmpty();
  }

  @Test
  void modelThatIsMissingOrDamagedIsNamed() throws IOException {
    epoch(1, 4);
    Path file = temporary.resolve("run/convolution/best-state.bin");
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
    best = new BestModel(folder, "convolution");
    best.remember(0.4);
    best.remember(0.6);
    best.remember(0.5);
    epoch(3, 6);

    assertThat(bestEpoch()).isEqualTo(2);
    epoch(4, 7);
    assertThat(bestEpoch()).isEqualTo(4);
  }
}
