package io.involution.driver.apply;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@link ModelFuzzSoak}. */
class ModelFuzzTest {
  @TempDir private Path folder;

  @Test
  void damagedModelsAreReadOrRefusedInOneLine() throws IOException {
    ModelFuzz.run(folder, Integer.getInteger("fuzz.cases", 40), Long.getLong("fuzz.seed", 7));
  }
}
