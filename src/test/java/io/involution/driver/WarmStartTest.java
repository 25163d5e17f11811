package io.involution.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.model.Normalization;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What --init starts from, and the pixels that it is for. */
class WarmStartTest {
  private static final String NUMBERS = "0.5:0.25:0.125,0.25:0.5:0.75";
  private static final Normalization NORMALIZED =
      new Normalization(List.of(0.5, 0.25, 0.125), List.of(0.25, 0.5, 0.75));

  @TempDir private Path folder;

  private static byte[] file(Normalization normalization) {
    return SavedNetwork.file(Networks.untrained(NetworkKind.INVOLUTION).with(normalization));
  }

  private Optional<WarmStart> start(byte[] model, String normalize) throws IOException {
    String file = Files.write(folder.resolve("net.zip"), model).toString();
    Map<String, Object> options =
        Map.of("model", "involution", "init", file, "normalize", normalize);
    return WarmStart.read(TrainConfig.load(options, Optional.empty()), new Configuration());
  }

  /** Other data has other numbers. */
  @ParameterizedTest
  @ValueSource(strings = {NUMBERS, "train", "0.4,0.3"})
  void aModelForNormalizedPixelsGetsSuch(String normalize) throws IOException {
    assertThat(start(file(NORMALIZED), normalize)).isPresent();
  }

  /** Numbers that change nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "0,1", "0:0:0,1:1:1"})
  void aModelForPixelsAsTheyAreGetsSuch(String normalize) throws IOException {
    Normalization given = new Normalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    assertThat(start(file(Normalization.NONE), normalize)).isPresent();
    assertThat(start(file(given), normalize)).isPresent();
  }

  @Test
  void aModelForNormalizedPixelsGetsNoOthers() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> start(file(NORMALIZED), "none"))
        .withMessage(
            "--init %s is a network for pixels that are normalized: use --normalize %s, or"
                + " --normalize train for other data",
            folder.resolve("net.zip"), NUMBERS);
  }

  @Test
  void aModelForOtherPixelsGetsNoneThatAreNormalized() throws IOException {
    byte[] model = file(Normalization.NONE);
    assertThat(start(model, "none")).isPresent();

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> start(model, "train"))
        .withMessage(
            "--init %s is a network for pixels that are not normalized: use --normalize none",
            folder.resolve("net.zip"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "train"})
  void aFileThatDoesNotSayGetsWhatIsAskedFor(String normalize) throws IOException {
    assertThat(start(SavedNetwork.older(file(NORMALIZED)), normalize)).isPresent();
  }
}
