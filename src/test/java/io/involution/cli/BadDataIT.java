package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad data through the whole job, in files of the official size: one line, exit 2, no output. */
class BadDataIT {
  private static final int RECORD = 3073;
  private static final int RECORDS = 10_000;

  @TempDir private Path temporary;
  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    for (int batch = 1; batch <= 5; batch++) {
      zeros("data_batch_" + batch + ".bin");
    }
    zeros("test_batch.bin");
  }

  /** Records of label 0 and black pixels, as a sparse file. */
  private void zeros(String name) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(data.resolve(name).toFile(), "rw")) {
      file.setLength((long) RECORD * RECORDS);
    }
  }

  /** Found by tasks, so in a process of its own: Spark's log has no stack trace either. */
  @Test
  void aWrongLabelByte() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(data.resolve("data_batch_4.bin").toFile(), "rw")) {
      file.seek(7_000L * RECORD);
      file.write(10);
    }
    assertRefused(
        Submitted.run("local", command(data)),
        "data_batch_4.bin",
        "label 10 at byte 21,511,000",
        "download it again");
  }

  @Test
  void aTruncatedFile() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(data.resolve("data_batch_2.bin").toFile(), "rw")) {
      file.setLength(1_000_000);
    }
    assertRefused(data, "data_batch_2.bin", "1,000,000 bytes", "truncated", "download it again");
  }

  @Test
  void aMissingBatch() throws IOException {
    Files.delete(data.resolve("test_batch.bin"));
    assertRefused(data, "test_batch.bin is missing", "all 6 files");
  }

  @Test
  void anEmptyFolder() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    assertRefused(empty, "empty is empty", "data_batch_1.bin");
  }

  @Test
  void anArchiveOfSomethingElse() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[10_240]);
    }
    Path archive = Files.write(temporary.resolve("other.tar.gz"), bytes.toByteArray());
    assertRefused(archive, "other.tar.gz", "data_batch_1.bin is missing", "cifar-10-binary.tar.gz");
  }

  private void assertRefused(Path place, String... words) {
    assertRefused(Submitted.shared(command(place)), words);
  }

  private String[] command(Path place) {
    String out = temporary.resolve("out").toString();
    return new String[] {"train", "--data", place.toString(), "--out", out};
  }

  private void assertRefused(Submitted run, String... words) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(List.of(words));
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(temporary.resolve("out")).doesNotExist();
  }
}
