package io.involution.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.soak.SoakJar;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors, one of which dies between writing its slices and their being read. */
class ShuffleIT {
  @TempDir private Path folder;

  @Test
  void anExecutorThatDiesDuringTheReduceChangesNoBit() throws Exception {
    List<String> command =
        List.of(
            "submit/local-cluster",
            "--class",
            ShuffleLoss.class.getName(),
            "--jars",
            SoakJar.write(folder, ShuffleLoss.class).toString(),
            "loss");
    try (JobProcess run = JobProcess.start(folder, command)) {
      assertThat(run.await()).as(run.err() + run.out()).isZero();
      String collected = after(run, "collected: ");
      assertThat(collected).hasSize(2 * 64 + 1);
      assertThat(after(run, "shuffled: ")).isEqualTo(collected);
      assertThat(after(run, "disturbed: ")).isEqualTo(collected);
      assertThat(after(run, "killed: ")).isEqualTo("true");
      // Those whose slices were lost, and no others.
      assertThat(Integer.parseInt(after(run, "computed again: "))).isBetween(1, 5);
      assertThat(run.err()).contains("Lost executor");
    }
  }

  private static String after(JobProcess run, String label) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + label + run.out() + run.err()));
  }
}
