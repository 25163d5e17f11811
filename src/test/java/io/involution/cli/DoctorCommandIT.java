package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ShardFixture;
import io.involution.spark.examples.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doctor command where the driver does everything. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class DoctorCommandIT {
  @RegisterExtension static final LocalMaster MASTER = new LocalMaster(2, Map.of());

  @TempDir private Path temporary;

  private Called doctor(String... options) {
    return command("doctor", options);
  }

  private Called command(String name, String... options) {
    List<String> arguments = new ArrayList<>(List.of(name));
    arguments.addAll(List.of(options));
    if (!List.of(options).contains("--data")) {
      arguments.addAll(List.of("--data", "synthetic"));
    }
    if (!List.of(options).contains("--out")) {
      arguments.addAll(List.of("--out", temporary.resolve("out").toString()));
    }
    return Called.command(arguments.toArray(String[]::new));
  }

  @Test
  void whereARunWouldWorkAllIsWell() {
    Called called = doctor("--workers", "2", "--device", "cpu");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out().lines())
        .allMatch(line -> line.startsWith("OK    "))
        .anyMatch(line -> line.contains("task slots   2 for 2 workers"))
        .anyMatch(line -> line.contains("1 BLAS thread per task"))
        .anyMatch(line -> line.matches("OK    networks +convolution with 319,178 param.*"))
        .anyMatch(line -> line.contains("10,000 training and 2,000 test examples"));
    assertThat(temporary).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "--device gpu, device, no GPU, use --device cpu",
    "--data /nowhere/at/all, data, does not exist, name a folder or a tar.gz",
    "--out /proc/run, outputs, cannot be written, that you can write to",
    "--init /nowhere/model.zip --model involution, networks, /nowhere/model.zip, check the path",
    "--model resnet --batch-size 8000 --workers 1, off-heap, maxbytes, lower --batch-size",
    "--model resnet --batch-size 10000 --workers 1, off-heap, 'most 8,191 images', use a smaller",
    "--images 5000, report, --images has 5000, name one from 0 to 1999"
  })
  void whatWouldStopARunIsALineOfTheTableAndOneOfTheError(
      String options, String check, String found, String fix) {
    Called called = doctor(options.split(" ", -1));

    assertThat(called.error()).contains("a run would fail, 1 of", check + ": ", found, fix);
    assertThat(called.out().lines().filter(line -> line.startsWith("FAIL")))
        .singleElement()
        .asString()
        .contains(check, found, "; fix: ", fix);
    assertThat(called.out()).contains("OK    spark", "OK    java");
  }

  /** Its examples are with the cluster already, and not to be sent to it. */
  @Test
  void theFirstImagesOfAFolderAreLookedAt() {
    Path images = temporary.resolve("images");
    ImageFiles.folder(images.resolve("train"), ShardFixture.inTurns(40, 10));
    ImageFiles.folder(images.resolve("test"), ShardFixture.inTurns(20, 10));

    Called called = doctor("--data", images.toString(), "--train-limit", "30", "--workers", "2");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out()).contains("30 training and 20 test examples");
  }

  /** At most 256 examples are evaluated at once: as many as the minibatch of the other run. */
  @Test
  void theMemoryIsAlsoThatOfTheValidation() {
    String options = "--model deep-convolution --workers 1 --test-limit 20 --batch-size ";

    assertThat(offHeap(options + "64 --validation 5000"))
        .isEqualTo(offHeap(options + "256"))
        .isNotEqualTo(offHeap(options + "64"));
  }

  private String offHeap(String options) {
    Called called = doctor(options.split(" ", -1));
    assertThat(called.code()).as(called.err()).isZero();
    return called
        .out()
        .lines()
        .filter(line -> line.contains("outside the heap"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itTakesARecipeAndWhatElseATrainingTakes() {
    Called called =
        doctor(
            ("--config deep-involution --epochs 1.5 --seed 7 --tensorboard --optimizer adam"
                    + " --momentum auto --learning-rate auto --learning-rate-decay cosine"
                    + " --learning-rate-start auto --learning-rate-peak auto"
                    + " --weight-decay 0 --weight-decay-kind decoupled")
                .split(" "));

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out()).contains("deep-involution with 417,120 parameters");
  }

  @Test
  void aRunThatIsThereIsInTheWayUnlessItGoesOn() throws IOException {
    Path out = Files.createDirectory(temporary.resolve("out"));
    Files.createDirectory(out.resolve("attempts"));

    assertThat(doctor().error()).contains("already holds a run", "--resume");
    assertThat(doctor("--overwrite").code()).isZero();
    assertThat(out.toFile().list()).containsExactly("attempts");
  }

  /** Of a run that goes on, the workers are its own, however many are asked for. */
  @Test
  void whatTrainWouldNotResumeDoctorDoesNotPass() throws IOException {
    String small = "--model involution --train-limit 40 --test-limit 20";
    Called trained =
        command("train", (small + " --epochs 1 --batch-size 20 --workers 2").split(" ", -1));
    assertThat(trained.code()).as(trained.err()).isZero();

    String[] longer = (small + " --epochs 2 --batch-size 20 --workers 3 --resume").split(" ", -1);
    Called same = doctor(longer);
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.out()).contains("task slots   2 for 2 workers");

    Called other = doctor((small + " --epochs 2 --batch-size 10 --resume").split(" ", -1));
    assertThat(other.error())
        .contains("1 of", "outputs: --resume: batch_size_per_worker was 10", "is 5 now");

    try (Stream<Path> files = Files.walk(temporary.resolve("out/involution"))) {
      for (Path state : files.filter(file -> file.endsWith("part-00000.bin")).toList()) {
        Files.writeString(state, "no state");
      }
    }
    assertThat(doctor(longer).error()).contains("1 of", "outputs: ", "involution", "--overwrite");
  }

  @Test
  void slotsBelowTheWorkersAreAWarningInOneJvm() {
    Called called = doctor("--workers", "3");

    assertThat(called.code()).isZero();
    assertThat(called.out()).contains("WARN  task slots   2 for 3 workers");
  }
}
