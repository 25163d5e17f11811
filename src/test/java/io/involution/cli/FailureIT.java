package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fill up under a run and under an experiment: one line, and how to go on. */
class FailureIT {
  private static final Pattern DETAILS = Pattern.compile(" \\(details in (\\S+)\\)$");

  /** Room for the first checkpoint of a run and not for the second beside it: 3.8 MB each. */
  private static final int KIBIBYTES = 6_000;

  @TempDir private Path folder;

  @Test
  void aRunGoesOnWhenThereIsRoomAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), KIBIBYTES)) {
      String out = disk.resolve("run").toString();
      Submitted full = Submitted.shared(train(out));

      assertOneLine(full, 3)
          .contains("cannot write file:" + out, "No space left on device", "has free space")
          .containsOnlyOnce("--resume");

      disk.grow(64 << 10);
      Submitted resumed = Submitted.shared(train(out, "--resume"));
      assertThat(resumed.code()).as(resumed.err()).isZero();
      assertThat(resumed.out()).contains("resuming after epoch 1");
    }
  }

  @Test
  void aRunWithoutRoomForItsFirstCheckpointFails() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 1_000)) {
      String out = disk.resolve("run").toString();

      assertOneLine(Submitted.shared(train(out)), 1)
          .contains("cannot write file:" + out, "No space left on device", "has free space")
          .doesNotContain("to go on");
    }
  }

  @Test
  void anExperimentGoesOnWhenThereIsRoomAgain() throws Exception {
    Path conf = folder.resolve("full.conf");
    Files.writeString(
        conf,
        """
        experiment {
          name = full
          defaults {
            data = synthetic, train-limit = 64, test-limit = 16, epochs = 2, workers = 1
            model = convolution, batch-size = 32
          }
          grid { seed = [1, 2] }
        }
        """);
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), KIBIBYTES)) {
      String out = disk.resolve("e").toString();
      String[] command = {"experiment", conf.toString(), "--parallel", "1", "--out", out};
      Submitted full = Submitted.shared(command);

      assertOneLine(full, 3)
          .contains("2 of 2 cells failed", "No space left on device")
          .contains("run the same command with --out file:" + out + " to go on");
      assertThat(full.out()).contains("2 cells: 2 failed");

      disk.grow(64 << 10);
      Submitted again = Submitted.shared(command);
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(again.out()).contains("2 cells: 2 done");
    }
  }

  private static String[] train(String out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", "synthetic"));
    words.addAll(List.of("--model", "convolution", "--train-limit", "64", "--test-limit", "16"));
    words.addAll(List.of("--epochs", "2", "--batch-size", "32", "--workers", "1", "--out", out));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** One line on standard error, whose trace is in the file that it names. */
  private static org.assertj.core.api.AbstractStringAssert<?> assertOneLine(Submitted run, int code)
      throws IOException {
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    String line = run.err().strip();
    Matcher details = DETAILS.matcher(line);
    assertThat(details.find()).as(line).isTrue();
    Path log = Path.of(details.group(1));
    assertThat(log).content().contains("\tat ", "Caused by: ");
    Files.delete(log);
    return assertThat(line).startsWith("error: ");
  }
}
