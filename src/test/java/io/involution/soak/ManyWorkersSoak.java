package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Far more workers than slots, for many epochs: after the first tenth neither threads nor resident
 * memory grow. On Linux, {@code mvn -B verify -Psoak -Dit.test=ManyWorkersSoak}.
 */
class ManyWorkersSoak {
  private static final int EPOCHS = Integer.getInteger("soak.epochs", 500);
  private static final int SAMPLES = 10;
  private static final int WORKERS = 64;

  /** Threads that come and go: Spark's pools and the compiler's. */
  private static final int BREATH = 8;

  /** The whole heap is resident from the start: what grows is beyond it. */
  private static final long MOST_KILOBYTES = 64 * 1024;

  @TempDir private Path folder;

  /**
   * What the driver holds.
   *
   * @param threads its threads
   * @param kilobytes its resident memory
   */
  private record Held(long threads, long kilobytes) {
    static Held of(ProcessHandle process) throws IOException {
      List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
      return new Held(number(status, "Threads:"), number(status, "VmRSS:"));
    }

    private static long number(List<String> status, String name) {
      String line = status.stream().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D+", ""));
    }
  }

  @Test
  void neitherThreadsNorMemoryGrow() throws Exception {
    List<Held> held = new ArrayList<>();
    try (JobProcess run = start()) {
      for (int sample = 1; sample < SAMPLES; sample++) {
        int epoch = EPOCHS * sample / SAMPLES;
        run.awaitOut(String.format(Locale.ROOT, "epoch %2d/%d", epoch, EPOCHS));
        Held now = Held.of(run.driver());
        held.add(now);
        System.out.printf(Locale.ROOT, "epoch %d: %s%n", epoch, now);
      }
      assertThat(run.await()).as(run.err()).isZero();
    }
    Held first = held.get(0);
    assertThat(held)
        .allSatisfy(
            later -> {
              assertThat(later.threads()).isLessThanOrEqualTo(first.threads() + BREATH);
              assertThat(later.kilobytes()).isLessThanOrEqualTo(first.kilobytes() + MOST_KILOBYTES);
            });
  }

  private JobProcess start() {
    List<String> command = new ArrayList<>(List.of("submit/local", "--master", "local[2]"));
    command.addAll(List.of("--driver-memory", "512m"));
    command.addAll(List.of("--driver-java-options", "-Xms512m -XX:+AlwaysPreTouch"));
    String words = "train --model involution --data synthetic --train-limit 640 --test-limit 64";
    command.addAll(List.of((words + " --batch-size 640 --workers " + WORKERS).split(" ", -1)));
    command.addAll(List.of("--epochs", "" + EPOCHS, "--out", folder.resolve("run").toString()));
    return JobProcess.start(folder, command);
  }
}
