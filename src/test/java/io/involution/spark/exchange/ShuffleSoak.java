package io.involution.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.soak.SoakJar;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100 million float32 averaged over 8 workers, one at a time on one executor of one core, with less
 * than 2 GiB of heap for the driver and a result limit that the 8 updates exceed three times over.
 * It takes some 4 GiB of memory and 4 GB of disk: {@code mvn -B verify -Psoak
 * -Dit.test=ShuffleSoak}.
 */
class ShuffleSoak {
  @TempDir private Path folder;

  @Test
  void driverAveragesWhatIsMuchLargerThanItsHeap() throws Exception {
    List<String> command =
        List.of(
            "submit/local-cluster",
            "--master",
            "local-cluster[1,1,1536]",
            "--driver-memory",
            "1800m",
            "--conf",
            "spark.executor.memory=1536m",
            "--conf",
            "spark.local.dir=" + folder,
            "--class",
            LargeVector.class.getName(),
            "--jars",
            SoakJar.write(folder, LargeVector.class).toString(),
            "vector",
            "100000000",
            "8");
    try (JobProcess run = JobProcess.start(folder, command)) {
      assertThat(run.await()).as(run.err() + run.out()).isZero();
      System.out.print(run.out());
      assertThat(run.out())
          .contains("100,000,000 floats of 8 workers")
          .contains("received 400000000 bytes")
          .contains("looked at, wrong: 0\n");
    }
  }
}
