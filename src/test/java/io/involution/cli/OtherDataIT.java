package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.metrics.Json;
import io.involution.spark.examples.ImageFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that is not CIFAR-10's files, through the whole job. */
class OtherDataIT {
  private static final int TRAIN = 200;
  private static final int TEST = 40;

  @TempDir private Path folder;

  /** Random images whose labels take turns. */
  private static Shard examples(int size) {
    return ShardFixture.inTurns(size, 10);
  }

  /** A file of CIFAR-10, of which only the first records are not black. */
  private void binary(String name, Shard examples) throws IOException {
    Path file = Files.createDirectories(folder.resolve("binary")).resolve(name);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(10_000L * 3073);
      for (int i = 0; i < examples.size(); i++) {
        out.write(examples.label(i));
        out.write(examples.pixels(), examples.offset(i), ImageShape.CIFAR10.pixels());
      }
    }
  }

  private String hash(String name, String... given) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "train",
                "--model",
                "involution",
                "--epochs",
                "2",
                "--batch-size",
                "40",
                "--workers",
                "2",
                "--averaging-period",
                "2",
                "--out",
                folder.resolve("run-" + name).toString()));
    command.addAll(List.of(given));
    Submitted run = Submitted.shared(command.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    byte[] record = Files.readAllBytes(folder.resolve("run-" + name + "/run.json"));
    String hash = Json.tree(record).at("/results/involution/parameters_sha256").asText();
    assertThat(hash).hasSize(64);
    return hash;
  }

  @Test
  void theSameImagesGiveTheSameBits() throws IOException {
    Shard train = examples(TRAIN);
    Shard test = examples(TEST);
    binary("data_batch_1.bin", train);
    for (int batch = 2; batch <= 5; batch++) {
      binary("data_batch_" + batch + ".bin", examples(0));
    }
    binary("test_batch.bin", test);
    Path images = folder.resolve("images");
    ImageFiles.folder(images.resolve("train"), train);
    ImageFiles.folder(images.resolve("test"), test);
    Path table = folder.resolve("table");
    ImageFiles.parquet(table.resolve("train/b.parquet"), train, 0, TRAIN / 3);
    ImageFiles.parquet(table.resolve("train/a.parquet"), train, TRAIN / 3, TRAIN);
    ImageFiles.parquet(table.resolve("test/a.parquet"), test, 0, TEST);

    String binary =
        hash(
            "binary",
            "--data",
            folder.resolve("binary").toString(),
            "--train-limit",
            String.valueOf(TRAIN),
            "--test-limit",
            String.valueOf(TEST));

    assertThat(hash("images", "--data", images.toString())).isEqualTo(binary);
    assertThat(
            hash(
                "table",
                "--data",
                table.toString(),
                "--image-column",
                "picture",
                "--order-by",
                "place"))
        .isEqualTo(binary);
    Submitted predicted =
        Submitted.shared(
            "predict",
            "--model",
            folder.resolve("run-images").toString(),
            images.resolve("test/c0003/000003.png").toString());
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.out()).contains("c000");
  }

  @Test
  void whatIsWrongIsOneLineAndNothingIsWritten() throws IOException {
    Path images = folder.resolve("images");
    ImageFiles.folder(images, examples(40));
    Path table = folder.resolve("table");
    ImageFiles.parquet(table.resolve("a.parquet"), examples(40), 0, 40);

    assertRefused("no test images", "--data", images.toString());
    assertRefused(
        "--order-by has no effect",
        "--data",
        images.toString(),
        "--test-fraction",
        "0.2",
        "--order-by",
        "place");
    assertRefused("--image-size has no effect", "--data", "synthetic", "--image-size", "20");
    assertRefused("no test examples", "--data", table.toString());
    assertRefused(
        "--label-column nothing is not in the table",
        "--data",
        table.toString(),
        "--test-fraction",
        "0.2",
        "--image-column",
        "picture",
        "--label-column",
        "nothing");
    assertRefused(
        "cannot be read as nonsense",
        "--data",
        table.toString(),
        "--test-fraction",
        "0.2",
        "--data-format",
        "nonsense");
  }

  private void assertRefused(String part, String... given) {
    Path out = folder.resolve("out");
    List<String> command = new ArrayList<>(List.of("train", "--workers", "2"));
    command.addAll(List.of("--out", out.toString()));
    command.addAll(List.of(given));
    Submitted run = Submitted.shared(command.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains(part);
    assertThat(out).doesNotExist();
  }
}
