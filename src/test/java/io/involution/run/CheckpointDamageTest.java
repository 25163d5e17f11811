package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.Sha256;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that lies: whatever byte of whatever file of the newest checkpoint is changed or missing,
 * the older one is used, and a line says so.
 */
class CheckpointDamageTest {
  private static final String PART = "metrics/part-involution-00002-00001.jsonl";

  @TempDir private Path out;
  private RunFolder folder;
  private Checkpoints checkpoints;

  @BeforeEach
  void saveTwo() {
    folder = RunFolder.take(out.toString(), Mode.NEW, new Configuration());
    checkpoints = new Checkpoints(folder, "involution", Map.of("seed", "42"));
    byte[] rows = "{\"type\":\"epoch\"}\n".getBytes(StandardCharsets.UTF_8);
    folder.write(PART, rows);
    save(1, Map.of());
    save(2, Map.of(PART, Sha256.hex(rows)));
  }

  private void save(int epochs, Map<String, String> parts) {
    TrainingPoint point =
        new TrainingPoint(
            new Position(epochs, 3),
            new EpochSums(20, 1.25, 4, 0.5),
            RoundFixture.state(epochs, epochs, 0.5f));
    checkpoints.save(new Checkpoint(point, List.of("{\"type\":\"round\"}"), parts));
  }

  /** The files that the newest checkpoint consists of. */
  private List<Path> files() {
    Path newest = out.resolve("involution/checkpoint-e00002-r00003-a00001");
    return List.of(
        newest.resolve("part-00000.bin"),
        newest.resolve("part-00001.jsonl"),
        newest.resolve("_COMMITTED"),
        out.resolve(PART));
  }

  private void assertOlderIsUsed(String what) {
    List<String> warnings = new ArrayList<>();
    Checkpoint used = checkpoints.latest(warnings::add).orElseThrow();

    assertThat(used.point().position().epochs()).as(what).isEqualTo(1);
    assertThat(used.point().state().steps()).as(what).isEqualTo(1);
    assertThat(warnings)
        .as(what)
        .singleElement()
        .asString()
        .contains("checkpoint-e00002-r00003-a00001 is damaged")
        .doesNotContain("\n");
  }

  @Test
  void everyByteThatIsFlippedIsNoticed() throws IOException {
    for (Path file : files()) {
      byte[] sound = Files.readAllBytes(file);
      for (int i = 0; i < sound.length; i++) {
        for (int flip : new int[] {1, 0x80, 0xff}) {
          byte[] damaged = sound.clone();
          damaged[i] ^= (byte) flip;
          Files.write(file, damaged);
          assertOlderIsUsed(file + " byte " + i);
        }
      }
      Files.write(file, sound);
    }
    assertThat(checkpoints.latest(line -> {}).orElseThrow().point().position().epochs())
        .isEqualTo(2);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    for (Path file : files()) {
      byte[] sound = Files.readAllBytes(file);
      for (int length = 0; length < sound.length; length++) {
        Files.write(file, Arrays.copyOf(sound, length));
        assertOlderIsUsed(file + " cut to " + length);
      }
      Files.write(file, Arrays.copyOf(sound, sound.length + 1));
      assertOlderIsUsed(file + " with a byte too many");
      Files.write(file, sound);
    }
  }

  @Test
  void everyFileThatIsMissingIsNoticed() throws IOException {
    for (Path file : files()) {
      if (file.endsWith("_COMMITTED")) {
        // Without it the checkpoint was never there.
        continue;
      }
      byte[] sound = Files.readAllBytes(file);
      Files.delete(file);
      assertOlderIsUsed(file + " missing");
      Files.write(file, sound);
    }
  }
}
