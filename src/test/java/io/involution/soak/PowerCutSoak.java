package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.metrics.ResultFiles;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power cuts under a real run, for root on Linux: a run on a loop device, cut off at random moments
 * and in the 30 seconds after its end, is resumed from what had reached the device. The recovery
 * page says how to run it.
 */
class PowerCutSoak {
  private static final int CUTS = 20;
  private static final int CUTS_PER_RUN = 5;
  private static final int CUTS_AFTERWARDS = 10;
  private static final int AFTERWARDS_SECONDS = 30;
  private static final int EPOCHS = 20;

  private static final String BEGIN = "outputs in ";
  private static final Pattern EPOCH = Pattern.compile("epoch +(\\d+)/\\d+ +train loss");
  private static final Pattern RESUMED = Pattern.compile("resuming after epoch (\\d+)");

  @TempDir private static Path folder;
  private static String undisturbed;
  private static double seconds;

  /** A power cut: what the disk held, and what the run had said. */
  private record Cut(String name, Path image, String said) {
    /** Epochs whose checkpoint had been announced: an epoch's line precedes its checkpoint. */
    int announced() {
      int begun = (int) EPOCH.matcher(said).results().count();
      return said.contains("checkpoints took") ? begun : Math.max(0, begun - 1);
    }
  }

  @BeforeAll
  static void runUndisturbed() throws Exception {
    try (JobProcess run = start(folder.resolve("undisturbed"))) {
      run.awaitOut(BEGIN);
      long begin = System.nanoTime();
      assertThat(run.await()).as(run.err()).isZero();
      seconds = (System.nanoTime() - begin) / 1e9;
    }
    undisturbed = figures(folder.resolve("undisturbed"));
  }

  @Test
  void aRunGoesOnAfterEveryCut() throws Exception {
    List<Cut> cuts = new ArrayList<>();
    for (int run = 1; cuts.size() < CUTS; run++) {
      cuts.addAll(cutRun(run, Math.min(CUTS_PER_RUN, CUTS - cuts.size())));
    }
    for (Cut cut : cuts) {
      goOn(cut);
    }
  }

  private static List<Cut> cutRun(int number, int count) throws Exception {
    List<Cut> cuts = new ArrayList<>();
    try (LoopDisk disk = LoopDisk.make(folder.resolve("disk-" + number));
        JobProcess run = start(disk.root().resolve("run"))) {
      run.awaitOut(BEGIN);
      for (Moment moment : Moment.random(count, seconds)) {
        moment.await();
        Cut cut = cut(disk, run, String.format(Locale.ROOT, "run-%d-%s", number, moment.shown()));
        if (run.isAlive()) {
          cuts.add(cut);
        }
      }
      assertThat(run.await()).as(run.err()).isZero();
    }
    return cuts;
  }

  @Test
  void aFinishedRunIsCompleteAfterEveryCut() throws Exception {
    List<Cut> cuts = new ArrayList<>();
    try (LoopDisk disk = LoopDisk.make(folder.resolve("disk"));
        JobProcess run = start(disk.root().resolve("run"))) {
      assertThat(run.await()).as(run.err()).isZero();
      for (Moment moment : Moment.random(CUTS_AFTERWARDS, AFTERWARDS_SECONDS)) {
        moment.await();
        cuts.add(cut(disk, run, "afterwards-" + moment.shown()));
      }
    }
    for (Cut cut : cuts) {
      assertThat(goOn(cut)).as(cut.name).contains("it is complete: nothing to do");
    }
  }

  /** A moment after now, by {@link System#nanoTime()}. */
  private record Moment(long nanos, double seconds) {
    static List<Moment> random(int count, double within) {
      long now = System.nanoTime();
      return Stream.generate(() -> within * Math.random())
          .limit(count)
          .sorted()
          .map(seconds -> new Moment(now + (long) (seconds * 1e9), seconds))
          .toList();
    }

    void await() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }

    String shown() {
      return String.format(Locale.ROOT, "after-%.3f", seconds);
    }
  }

  private static Cut cut(LoopDisk disk, JobProcess run, String name) throws Exception {
    Path image = folder.resolve(name + ".img");
    String said = run.out();
    disk.cut(image);
    return new Cut(name, image, said);
  }

  /** Resumes the run from what a cut has left; returns what it says. */
  private static String goOn(Cut cut) throws Exception {
    try (LoopDisk disk = LoopDisk.mount(cut.image, folder.resolve(cut.name))) {
      Path out = disk.root().resolve("run");
      try (JobProcess run = start(out)) {
        assertThat(run.await()).as(cut.name + run.out() + run.err()).isZero();
        int from = resumedFrom(run.out());
        System.out.printf(
            Locale.ROOT, "%s: epoch %d announced, %d found%n", cut.name, cut.announced(), from);
        assertThat(from).as(cut.name).isGreaterThanOrEqualTo(cut.announced());
        assertThat(figures(out)).as(cut.name).isEqualTo(undisturbed);
        assertThat(ResultFiles.damaged(RunFolder.read(out.toString(), new Configuration(false))))
            .as(cut.name)
            .isEmpty();
        assertThat(files(out.resolve("report")))
            .as(cut.name)
            .hasSameSizeAs(files(folder.resolve("undisturbed/report")))
            .noneMatch(file -> file.toFile().length() == 0);
        return run.out();
      }
    } finally {
      Files.delete(cut.image);
    }
  }

  private static int resumedFrom(String said) {
    Matcher matcher = RESUMED.matcher(said);
    if (said.contains("it is complete")) {
      return EPOCHS;
    }
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static JobProcess start(Path out) {
    String words =
        "submit/local train --model involution --data synthetic --train-limit 900 --test-limit 200"
            + " --batch-size 128 --averaging-period 2 --workers 2 --validation 100 --resume"
            + " --epochs ";
    List<String> command = new ArrayList<>(List.of((words + EPOCHS).split(" ", -1)));
    command.addAll(List.of("--out", out.toString()));
    return JobProcess.start(folder, command);
  }

  private static String figures(Path run) {
    return RunFigures.of(run).replaceAll(",\"run_attempt\":\\d+", "");
  }
}
