package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor command with real spark-submit, and what both it and train say without a GPU. */
class DoctorIT {
  @TempDir private Path folder;

  private Submitted submit(String target, String command, String... options) {
    String[] words = new String[options.length + 5];
    words[0] = command;
    words[1] = "--data";
    words[2] = "synthetic";
    words[3] = "--out";
    words[4] = folder.resolve("out").toString();
    System.arraycopy(options, 0, words, 5, options.length);
    return Submitted.run(target, words);
  }

  @Test
  void everyExecutorAnswers() {
    Submitted doctor = submit("local-cluster", "doctor", "--workers", "2");

    assertThat(doctor.code()).as(doctor.err()).isZero();
    assertThat(doctor.out().lines())
        .allMatch(line -> line.startsWith("OK    "))
        .anyMatch(line -> line.matches("OK    spark +Spark [0-9.]+ for Scala 2.1[23].*"))
        .anyMatch(line -> line.matches(".* executors +2 answered .*"))
        .anyMatch(
            line -> line.matches("OK    java .*executor 0 on .*executor 1 on .*|.*1 on .*0 on .*"))
        .anyMatch(line -> line.startsWith("OK    clocks"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void tooFewSlotsAreNamedWithBothNumbers() {
    Submitted doctor = submit("local-cluster", "doctor", "--workers", "3", "--wait-for-slots", "0");

    assertThat(doctor.code()).isEqualTo(2);
    assertThat(doctor.errorLines())
        .singleElement()
        .asString()
        .contains("1 of ", "task slots after 0 s, but 3 workers");
    assertThat(doctor.out()).contains("FAIL  task slots", "OK    outputs");
  }

  /** Nobody assigns a GPU. */
  @Test
  void withoutAGpuDoctorAndTrainEndWithOneLine() {
    for (String command : new String[] {"doctor", "train"}) {
      Submitted run = submit("local", command, "--device", "gpu");

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err().lines())
          .singleElement()
          .asString()
          .startsWith("error: ")
          .contains("no GPU", "--gpus-per-executor 1", "use --device cpu");
    }
    assertThat(folder).isEmptyDirectory();
  }
}
