package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.PlainText;
import io.involution.metrics.JsonDamage;
import io.involution.run.FolderListing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * What a run has written is damaged, and whole commands read it: they end well, or in one line with
 * exit code 2, and change nothing of the run. {@code -Dfuzz.cases=N -Dfuzz.seed=N} tries others.
 */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class DamagedRunIT {
  @RegisterExtension static final LocalMaster MASTER = new LocalMaster(1, Map.of());

  private static final List<String> FILES =
      List.of(
          "run.json",
          "metrics.jsonl",
          "involution/artifacts/confusion.json",
          "involution/artifacts/mistakes.json",
          "involution/artifacts/network.json",
          "involution/artifacts/predictions.json",
          "involution/artifacts/samples.json");

  private static final long SEED = Long.getLong("fuzz.seed", 7);

  @TempDir private static Path folder;
  private static Path run;
  private int done;
  private int refused;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    Called called =
        Called.command(
            "train",
            "--data",
            "synthetic",
            "--model",
            "involution",
            "--train-limit",
            "32",
            "--test-limit",
            "16",
            "--epochs",
            "1",
            "--workers",
            "1",
            "--out",
            run.toString());
    assertThat(called.code()).as(called.err()).isZero();
  }

  @Test
  void reportEndsWellOrInOneLine() throws IOException {
    damaged(
        Integer.getInteger("fuzz.cases", 14),
        FILES,
        number ->
            new String[] {
              "report", run.toString(), "--out", folder.resolve("report" + number).toString()
            });
  }

  @Test
  void evaluateEndsWellOrInOneLine() throws IOException {
    damaged(
        Math.min(200, Integer.getInteger("fuzz.cases", 4)),
        List.of("run.json", "involution/model.zip"),
        number ->
            new String[] {
              "evaluate",
              run.toString(),
              "--data",
              "synthetic",
              "--test-limit",
              "8",
              "--workers",
              "1",
              "--out",
              folder.resolve("evaluation" + number).toString()
            });
  }

  @Test
  void resumeEndsWellOrInOneLine() throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < Math.min(200, Integer.getInteger("fuzz.cases", 3)); i++) {
      Path record = run.resolve("run.json");
      String sound = read(record);
      write(record, JsonDamage.changed(sound, random));
      Map<String, String> before = FolderListing.of(run);
      Called called =
          Called.command(
              "train",
              "--data",
              "synthetic",
              "--model",
              "involution",
              "--train-limit",
              "33",
              "--test-limit",
              "16",
              "--epochs",
              "1",
              "--workers",
              "1",
              "--resume",
              "--out",
              run.toString());
      assertOneLine(called);
      assertThat(called.code()).as(called.out()).isEqualTo(2);
      assertThat(FolderListing.of(run)).isEqualTo(before);
      write(record, sound);
    }
  }

  /** The words of a command. */
  private interface Words {
    String[] of(int number);
  }

  private void damaged(int cases, List<String> files, Words words) throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < cases; i++) {
      Path file = run.resolve(files.get(i % files.size()));
      String sound = read(file);
      boolean text = !file.toString().endsWith(".zip");
      write(
          file,
          text ? JsonDamage.of(sound, random) : sound.substring(0, random.nextInt(sound.length())));
      Map<String, String> before = FolderListing.of(run);

      assertOneLine(Called.command(words.of(i)));

      assertThat(FolderListing.of(run)).isEqualTo(before);
      write(file, sound);
    }
    assertThat(done).isPositive();
    assertThat(refused).isPositive();
  }

  private void assertOneLine(Called called) {
    if (called.code() == 0) {
      done++;
    } else {
      refused++;
      assertThat(called.error()).contains(run.toString());
    }
    String said = called.out() + called.err();
    assertThat(said.codePoints().filter(each -> each != '\n' && PlainText.steers(each)))
        .as(PlainText.lines(said))
        .isEmpty();
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
  }
}
