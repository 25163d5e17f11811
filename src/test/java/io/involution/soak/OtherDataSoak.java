package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.metrics.Json;
import io.involution.spark.examples.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on CIFAR-100, a folder of odd images, and Parquet files, killed in the middle and resumed:
 * they end with the bits of a run that nobody disturbed, and report, evaluate, and predict.
 */
class OtherDataSoak {
  @TempDir private Path folder;

  @Test
  void cifar100() throws Exception {
    Random random = new Random(1);
    for (String name : List.of("train.bin", "test.bin")) {
      Path file = Files.createDirectories(folder.resolve("data")).resolve(name);
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.setLength((name.equals("train.bin") ? 50_000L : 10_000L) * 3074);
        for (int i = 0; i < 1_000; i++) {
          byte[] pixels = new byte[3072];
          random.nextBytes(pixels);
          out.write(random.nextInt(20));
          out.write(random.nextInt(100));
          out.write(pixels);
        }
      }
    }
    Path image = folder.resolve("image.png");
    ImageFiles.write(
        image, ImageFiles.png(new BufferedImage(50, 40, BufferedImage.TYPE_BYTE_GRAY)));
    survives(image, "--train-limit", "1000", "--test-limit", "100");
  }

  @Test
  void oddImages() throws Exception {
    int[] sizes = {300, 170, 40};
    Path image = folder.resolve("data/class 0/0.png");
    for (int label = 0; label < sizes.length; label++) {
      for (int i = 0; i < sizes[label]; i++) {
        int type = List.of(1, 2, 10).get(i % 3);
        BufferedImage drawn = new BufferedImage(31 + i % 40, 70 - i % 37, type);
        for (int x = 0; x < 30; x++) {
          drawn.setRGB(x, x, 0x90000000 + (label + 1) * i * 123_457);
        }
        ImageFiles.write(
            folder.resolve("data/class " + label + "/" + i + ".png"), ImageFiles.png(drawn));
      }
    }
    survives(image, "--test-fraction", "0.2", "--image-size", "33x25", "--image-channels", "4");
  }

  @Test
  void parquet() throws Exception {
    Shard shard = ShardFixture.random(800, 2);
    ImageFiles.parquet(folder.resolve("data/train/a.parquet"), shard, 0, 300);
    ImageFiles.parquet(folder.resolve("data/train/b.parquet"), shard, 300, 700);
    ImageFiles.parquet(folder.resolve("data/test/a.parquet"), shard, 700, 800);
    Path image = folder.resolve("image.png");
    ImageFiles.write(image, ImageFiles.png(shard, 1));
    survives(image, "--image-column", "raw", "--size-columns", "height,width");
  }

  private void survives(Path image, String... data) throws Exception {
    List<String> options = new ArrayList<>(List.of("--data", folder.resolve("data").toString()));
    options.addAll(List.of(data));
    List<String> train = new ArrayList<>(List.of("train"));
    train.addAll(options);
    train.addAll(
        List.of(
            "--model",
            "involution",
            "--epochs",
            "6",
            "--batch-size",
            "40",
            "--workers",
            "2",
            "--averaging-period",
            "1",
            "--checkpoint-every",
            "1round"));
    Process killed = start("killed", with(train, "--out", out("killed")));
    Path first = folder.resolve("killed/involution/checkpoint-e00001-r00001-a00001/_COMMITTED");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(first)) {
      assertThat(killed.isAlive()).as(log("killed")).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
    killed.destroyForcibly().waitFor();
    run("resumed", with(train, "--out", out("killed"), "--resume"));
    assertThat(log("resumed")).contains("resuming after epoch");
    run("whole", with(train, "--out", out("whole")));

    assertThat(hash("killed")).hasSize(64).isEqualTo(hash("whole"));
    run("report", List.of("report", out("killed")));
    assertThat(folder.resolve("killed/report/index.html")).content().contains("<html");
    run("predict", List.of("predict", "--model", out("killed"), image.toString()));
    List<String> evaluate = new ArrayList<>(List.of("evaluate", out("killed")));
    evaluate.addAll(options);
    evaluate.removeAll(List.of("--train-limit", "1000"));
    run("evaluate", with(evaluate, "--out", out("evaluated")));
    Path whole = folder.resolve("whole/run.json");
    double accuracy = Json.tree(Files.readAllBytes(whole)).at(ACCURACY).asDouble();
    assertThat(Json.tree(Files.readAllBytes(folder.resolve("evaluated/run.json"))).at(ACCURACY))
        .hasToString(String.valueOf(accuracy));
  }

  private static final String ACCURACY = "/results/involution/test_accuracy";

  private String hash(String run) throws IOException {
    byte[] record = Files.readAllBytes(folder.resolve(run + "/run.json"));
    return Json.tree(record).at("/results/involution/parameters_sha256").asText();
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(more));
    return longer;
  }

  private void run(String name, List<String> command) throws Exception {
    assertThat(start(name, command).waitFor()).as(log(name)).isZero();
  }

  private Process start(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("submit/local"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }
}
