package io.involution.metrics;

import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The folder {@code run} of a new run, and its metrics. */
abstract class NewRunFolder {
  @TempDir Path temporary;
  RunFolder folder;
  MetricsFolder metrics;

  @BeforeEach
  void take() {
    take(Mode.NEW);
  }

  void take(Mode mode) {
    folder = RunFolder.take(temporary.resolve("run").toString(), mode, new Configuration());
    metrics = new MetricsFolder(folder);
  }
}
