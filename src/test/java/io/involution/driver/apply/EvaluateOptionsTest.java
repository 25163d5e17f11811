package io.involution.driver.apply;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.OutputOptions;
import io.involution.config.TrainConfig;
import io.involution.driver.input.SavedModel;
import io.involution.failure.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class EvaluateOptionsTest {
  private final Configuration hadoop = new Configuration();

  @Test
  void theModelsOwnFolderIsRefusedHoweverItIsWritten() {
    String absolute = Path.of("runs/a").toAbsolutePath().toString();
    for (String out : List.of("runs/a", "runs/a/", "./runs/a", absolute, "file://" + absolute)) {
      for (String model : List.of("runs/a/involution", absolute + "/involution/model.zip")) {
        EvaluateOptions options = options(model, out);
        String file = SavedModel.file(model);

        assertThatExceptionOfType(InputException.class)
            .isThrownBy(() -> options.requireModelElsewhere(file, hadoop))
            .withMessageContaining("--out " + out + " contains the model itself");
      }
      String model = "runs/ab/involution";
      EvaluateOptions beside = options(model, out);
      assertThatCode(() -> beside.requireModelElsewhere(SavedModel.file(model), hadoop))
          .doesNotThrowAnyException();
    }
  }

  private static EvaluateOptions options(String model, String out) {
    OutputOptions output = new OutputOptions(Optional.of(out), false, true);
    return EvaluateOptions.of(model, TrainConfig.defaults().with(output), Map.of());
  }
}
