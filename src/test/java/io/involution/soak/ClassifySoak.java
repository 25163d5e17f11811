package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The classify command over 200,000 images: the executors' resident memory, and executors and
 * drivers that are killed at random moments. See the profile {@code soak}; {@code -Dsoak.images=N}
 * takes another number of images, and {@code -Dsoak.seed=N} other moments.
 */
class ClassifySoak {
  private static final int IMAGES = Integer.getInteger("soak.images", 200_000);
  private static final long SEED = Long.getLong("soak.seed", 4);
  private static final int SLOTS = 20;
  private static final int DRIVERS = 3;
  private static final int EXECUTORS = 3;

  @TempDir private static Path folder;
  private static ClassifyRuns runs;

  @BeforeAll
  static void write() throws IOException {
    runs = new ClassifyRuns(folder, IMAGES);
  }

  /** Pages that an executor has touched stay resident: what leaks shows in the last quarter. */
  @Test
  void residentMemoryStaysWhereItIs() throws Exception {
    List<Long> megabytes = new ArrayList<>();
    try (JobProcess job = runs.start("undisturbed", SLOTS)) {
      runs.awaitParts(job, "undisturbed", 2);
      while (job.isAlive()) {
        long sum = 0;
        for (ProcessHandle executor : Kill.executors(job.driver())) {
          sum += resident(executor.pid());
        }
        if (sum > 0) {
          megabytes.add(sum);
        }
        Thread.sleep(200);
      }
      assertThat(job.await()).as(job.err()).isZero();
      System.out.println(job.out().strip());
    }
    runs.assertComplete("undisturbed");
    int quarter = megabytes.size() / 4;
    System.out.println(
        String.format(
            Locale.ROOT,
            "resident memory of both executors, median of each quarter: %d, %d, %d, %d MB",
            median(megabytes.subList(0, quarter)),
            median(megabytes.subList(quarter, 2 * quarter)),
            median(megabytes.subList(2 * quarter, 3 * quarter)),
            median(megabytes.subList(3 * quarter, 4 * quarter))));
    // The heap grows to its bound in the first quarter, and an executor's parts of it after that.
    assertThat(median(megabytes.subList(3 * quarter, 4 * quarter)))
        .isLessThan(median(megabytes.subList(quarter, 2 * quarter)) * 5 / 4);
  }

  @Test
  void killedAtRandomMomentsNothingIsLostOrDoubled() throws Exception {
    Random random = new Random(SEED);
    for (int driver = 0; driver < DRIVERS; driver++) {
      try (JobProcess job = runs.start("killed", SLOTS)) {
        for (int executor = 0; executor < EXECUTORS; executor++) {
          runs.awaitParts(job, "killed", runs.parts("killed") + 1 + random.nextInt(5));
          Thread.sleep(random.nextInt(500));
          List<ProcessHandle> alive = Kill.executors(job.driver());
          Kill.at(alive.get(random.nextInt(alive.size())));
        }
        runs.awaitParts(job, "killed", runs.parts("killed") + 1);
        Thread.sleep(random.nextInt(500));
        ClassifyRuns.killDriver(job);
      }
    }
    try (JobProcess job = runs.start("killed", SLOTS)) {
      assertThat(job.await()).as(job.err()).isZero();
      System.out.println(job.out().strip());
    }
    runs.assertComplete("killed");
  }

  private static long median(List<Long> numbers) {
    return numbers.stream().sorted().skip(numbers.size() / 2).findFirst().orElseThrow();
  }

  /** Megabytes; 0 for a process that has ended. */
  private static long resident(long process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }
}
