package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig;
import io.involution.evaluate.Evaluation;
import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.train.EpochOutcome;
import io.involution.train.TrainingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitHistoryTest {
  private static final ModelState FRESH = ModelState.of(0, new float[1], new float[0]);

  @TempDir private Path folder;

  /** Training goes on from the model itself, and the average over time is what is used. */
  @Test
  void aFitThatGoesOnUsesTheAverageAsOneThatDoesNot() {
    FitHistory undisturbed = history();
    undisturbed.start(FRESH);

    end(undisturbed, 1, new long[][] {{2, 0}, {0, 2}});
    assertGoesOn(1);

    // Worse: the one before is read back.
    end(undisturbed, 2, new long[][] {{1, 1}, {1, 1}});
    assertGoesOn(2);
    assertThat(undisturbed.best().parameters()).containsExactly(-1);
  }

  @Test
  void epochsThatAreMissingOrDamagedAreNamed() throws IOException {
    FitHistory first = history();
    first.start(FRESH);
    end(first, 1, new long[][] {{2, 0}, {0, 2}});
    Path fit;
    try (Stream<Path> fits = Files.list(folder)) {
      fit = fits.findFirst().orElseThrow();
    }
    FitHistory again = history();

    Files.delete(fit.resolve("epoch-00001.bin"));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> again.start(FRESH))
        .withMessageEndingWith("epoch-00001.bin is missing: delete the folder to start over");
    Files.writeString(fit.resolve("fit.json"), "{");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> again.start(FRESH))
        .withMessageContaining("fit.json is damaged (")
        .withMessageEndingWith("): delete the folder to start over");
  }

  private void assertGoesOn(int epochs) {
    FitHistory again = history();

    assertThat(again.start(FRESH).state().parameters()).containsExactly((float) epochs);
    assertThat(again.best().parameters()).containsExactly(-1);
    assertThat(again.accuracies()).hasSize(epochs);
  }

  private static void end(FitHistory history, int epoch, long[][] held) {
    ModelState state =
        ModelState.of(epoch, new float[] {(float) epoch}, new float[0])
            .with(ModelState.AVERAGE, new float[] {(float) -epoch});
    history.epochEnded(
        new EpochOutcome(
            epoch,
            Optional.of(new EpochOutcome.TrainingSums(4, 1)),
            4,
            Optional.empty(),
            Optional.of(new Evaluation(1, held)),
            state.averaged(),
            1,
            1));
    history.reached(TrainingPoint.after(epoch, state));
  }

  private FitHistory history() {
    FitCheckpoints.Place place = new FitCheckpoints.Place(folder.toString(), "");
    return new FitHistory(
        TrainConfig.defaults(), new FitCheckpoints(place, "a fit", new Configuration()));
  }
}
