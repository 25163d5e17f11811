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
 * records new ones. Only the short trainings are held to the record here: GpuIT's doctor takes all
 * of them, in the threads' own order.
 */
class GoldenTrainingTest {
  private static final Path RECORDED =
      Path.of("src/main/resources/io/involution/golden-trainings.txt");

  private static final boolean GENERATE = Boolean.getBoolean("generate");

  @Test
  void everyDeviceGivesTheSameBits() throws IOException {
    EmulatedCuda.path();
    EmulatedCuda.reset();
    EmulatedCuda.set("ORDER", 3);
    List<String> lines = new ArrayList<>();
    for (GoldenTraining training : GoldenTraining.all()) {
      if (GENERATE || training.name().endsWith("volution 9x10")) {
        lines.add(training.line(EmulatedCuda.library(), 0));
      }
    }
    EmulatedCuda.reset();
    if (GENERATE) {
      Files.write(RECORDED, lines);
      return;
    }
    assertThat(lines).as("after a change of the kernels: -Dgenerate=true records these").hasSize(3);
    assertThat(GoldenTraining.recorded()).containsAll(lines);
  }
}
