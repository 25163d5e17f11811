package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classify command when an executor, and then the driver, is killed. */
class ClassifyLossIT {
  @TempDir private Path folder;

  @Test
  void nothingIsLostOrDoubled() throws Exception {
    ClassifyRuns runs = new ClassifyRuns(folder, 2_000);

    try (JobProcess job = runs.start("out", 5)) {
      runs.awaitParts(job, "out", 2);
      Kill.at(Kill.executors(job.driver()).get(0));
      runs.awaitParts(job, "out", runs.parts("out") + 2);
      ClassifyRuns.killDriver(job);
    }
    assertThat(folder.resolve("out/_SUCCESS")).doesNotExist();

    try (JobProcess again = runs.start("out", 5)) {
      assertThat(again.await()).as(again.err()).isZero();
      assertThat(again.out()).contains(" partitions are done: going on", "2,000 images in ");
    }
    runs.assertComplete("out");
  }
}
