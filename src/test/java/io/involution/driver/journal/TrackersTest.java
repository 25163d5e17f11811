package io.involution.driver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.report.Fixtures;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.tracking.MlflowServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackersTest {
  @TempDir private Path temporary;

  /** A heap that is too small for pictures changes nothing about a run that is done. */
  @Test
  void whatCannotBeDrawnIsAWarning() throws IOException {
    Path run = temporary.resolve("run");
    Fixtures.shortRun(run);
    List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    try (MlflowServer server = new MlflowServer()) {
      TrainOptions options =
          TrainConfig.load(
              Map.of("tensorboard", "true", "mlflow", server.address("")), Optional.empty());
      RunFolder folder = RunFolder.take(run.toString(), Mode.RESUME, new Configuration());

      new Trackers(folder, options, warnings::add)
          .done(
              () -> {
                throw new OutOfMemoryError("Java heap space");
              });

      assertThat(server.run().status).isEqualTo("FINISHED");
      assertThat(server.requests)
          .containsSubsequence(
              "POST runs/update", "PUT mlflow-artifacts/artifacts/17/run-1/artifacts/run.json");
    }
    assertThat(warnings.get(0))
        .startsWith("warning: no pictures for TensorBoard: the Java heap is too small");
  }
}
