package io.involution.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The emulation gives the recorded results; after a change of the kernels {@code -Dgenerate=true}
 * records new ones.
 */
class GoldenTrainingTest {
  private static final Path RECORDED =
      Path.of("src/main/resources/io/involution/golden-trainings.txt");

  @Test
  void everyDeviceGivesTheSameBits() throws IOException {
    EmulatedCuda.path();
    EmulatedCuda.reset();
    EmulatedCuda.set("ORDER", 3);
    List<String> lines = new ArrayList<>();
    for (GoldenTraining training : GoldenTraining.all()) {
      lines.add(training.line(EmulatedCuda.library(), 0));
    }
    EmulatedCuda.reset();
    if (Boolean.getBoolean("generate")) {
      Files.write(RECORDED, lines);
    }
    assertThat(lines)
        .as("after a change of the kernels: -Dgenerate=true records these")
        .isEqualTo(Boolean.getBoolean("generate") ? lines : GoldenTraining.recorded());
  }
}
