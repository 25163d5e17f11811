package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.RunRecord;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run's folder that are larger than memory. */
class WholeFileTest {
  private static final long SIZE = 1L << 33;

  private final Configuration hadoop = new Configuration(false);

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\"status\":\"done\",\"identity\":{}}");
  }

  /** Without a byte on the disk. */
  private void grow(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength(SIZE);
    }
  }

  private RunFolder run() {
    return RunFolder.read(folder.toString(), hadoop);
  }

  /** What fits in memory when it is written has to be read again. */
  @Test
  void aModelMayBeLargerThanText() {
    assertThat(WholeFile.most("state.bin")).isGreaterThan(WholeFile.most("metrics.jsonl"));
    assertThat(WholeFile.most("best-state-e00001.bin")).isEqualTo(WholeFile.most("state.bin"));
    assertThat(WholeFile.most("resnet/model.zip")).isEqualTo(WholeFile.most("state.bin"));
  }

  @Test
  void aRecordIsRefused() throws IOException {
    grow("run.json");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> RunRecord.isDone(run()))
        .withMessageContaining("run.json is too large")
        .withMessageContaining("8589934592 bytes, more than 16777216 bytes")
        .withMessageContaining("another copy");
    // Nor is it taken for a run's.
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> RunFolder.take(folder.toString(), Mode.OVERWRITE, hadoop));
    assertThat(folder.resolve("run.json")).hasSize(SIZE);
  }

  @Test
  void rowsAreRefused() throws IOException {
    grow("metrics/part-involution-00001-00001.jsonl");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new MetricsFolder(run()).rows())
        .withMessageContaining("metrics holds too much")
        .withMessageContaining("--driver-memory");

    grow("metrics.jsonl");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new MetricsFolder(run()).rows())
        .withMessageContaining("metrics.jsonl is too large");
  }

  @Test
  void anAttemptIsRefused() throws IOException {
    grow("attempts/attempt-00001");
    Files.delete(folder.resolve("run.json"));

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> RunFolder.take(folder.toString(), Mode.OVERWRITE, hadoop))
        .withMessageContaining("not a run's");
  }
}
