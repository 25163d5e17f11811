package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the job only finds out on a cluster: one line, exit 2, and nothing is written. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class BadInputIT {
  @RegisterExtension
  static final LocalMaster MASTER =
      new LocalMaster(
          2,
          Map.of(
              "spark.hadoop.fs.bad.impl",
              BadFileSystem.class.getName(),
              "spark.hadoop.ipc.client.connect.max.retries",
              "0"));

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "--data s3a://key:word@bucket/x, the classes for s3a:// are missing, hadoop-aws",
    "--data nope://host/x, No FileSystem for scheme, --data nope://host/x",
    "--data hdfs://127.0.0.1:1/x, Connection refused, --data hdfs://127.0.0.1:1/x",
    "--data http://me:word@127.0.0.1:1/x.tar.gz, Connection refused, check it and your access",
    "--data /nowhere/at/all, does not exist, name a folder or a tar.gz",
    "--batch-size 1 --workers 2, less than the 2 workers, raise it or lower --workers",
    "--train-limit 5 --workers 6, 5 training examples for 6 workers, lower --workers",
    "--device gpu, no GPU, use --device cpu",
    "--model convolution --init /nowhere/model.zip, --init /nowhere/model.zip, check the path"
  })
  void whatCannotBeHadIsOneLine(String options, String thing, String fix) throws IOException {
    assertRefused(temporary.resolve("out").toString(), options, thing, fix);
  }

  @ParameterizedTest
  @CsvSource({
    "/proc/run, /proc/run cannot be written",
    "s3a://key:word@bucket/run, the classes for s3a:// are missing",
    "nope://host/run, No FileSystem for scheme",
    "hdfs://127.0.0.1:1/run, Connection refused",
    "bad://full%s/run, No space left on device",
    "bad://readonly%s/run, Read-only file system"
  })
  void placesThatCannotBeWrittenAreOneLine(String out, String why) throws IOException {
    String place = out.replace("%s", temporary.toString());
    assertRefused(place, "", "--out ", "that you can write to", why);
  }

  /** Before anything is read, let alone computed. */
  @ParameterizedTest
  @CsvSource({
    "evaluate %s/no.zip --data synthetic, evaluated",
    "export --format onnx %s, exported",
    "predict --model %s %s/a.png, page.html",
    "report %s, report"
  })
  void placesThatCannotBeWrittenAreKnownFirst(String command, String out) {
    String folder = temporary.toString();
    List<String> words = new ArrayList<>();
    Stream.of(command.split(" ")).forEach(word -> words.add(word.replace("%s", folder)));
    words.addAll(List.of("--out", "bad://readonly" + folder + "/" + out));

    assertThat(Called.command(words.toArray(String[]::new)).error())
        .contains("--out bad://readonly", "Read-only file system", "that you can write to");
  }

  /** Whoever makes room, or another run, finds the place as it was. */
  @Test
  void aFullPlaceIsLeftAsItWas() throws IOException {
    Path out = temporary.resolve("run");
    assertRefused("bad://full" + out, "", "No space left");

    Called again = train(out.toString(), "--epochs 1 --model involution");

    assertThat(again.code()).as(again.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--model convolution --init %s", "evaluate", "predict"})
  void aModelOfAnotherArchitectureIsOneLine(String use) throws IOException {
    Path model = temporary.resolve("model.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(model))) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.write("{\"vertices\":{\"lstm\":{}}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      zip.write(new byte[100]);
    }
    Called called =
        switch (use) {
          case "evaluate" -> Called.command("evaluate", model.toString(), "--data", "synthetic");
          case "predict" ->
              Called.command("predict", "--model", model.toString(), picture().toString());
          default ->
              train(temporary.resolve("out").toString(), String.format(Locale.ROOT, use, model));
        };

    assertThat(called.error()).contains(model.toString(), "lstm");
    assertThat(temporary.resolve("out")).doesNotExist();
  }

  @Test
  void settingsThatSparkRefusesAreOneLine() {
    System.setProperty("spark.executor.memory", "much");
    try {
      Called called = train(temporary.resolve("out").toString(), "");
      assertThat(called.code()).isEqualTo(2);
      assertThat(called.err().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains("Spark does not start", "Size must be specified", "correct --master");
    } finally {
      System.clearProperty("spark.executor.memory");
    }
  }

  @Test
  void updatesTooLargeToCollectAreRefusedBeforeTheOldRunIsDeleted() throws IOException {
    Path out = temporary.resolve("run");
    Path old = Files.createDirectories(out.resolve("attempts"));
    String options = "--overwrite --model convolution --workers 2 ";
    System.setProperty("spark.driver.maxResultSize", "1m");
    try {
      for (String command : List.of("doctor", "train")) {
        for (String how : List.of("--exchange collect", "--updater-state local")) {
          assertThat(command(command, out.toString(), options + how).error())
              .contains(
                  "brings 7,693,040 bytes of 2 updates",
                  "spark.driver.maxResultSize is 1,048,576: leave that option out");
        }
      }
    } finally {
      System.clearProperty("spark.driver.maxResultSize");
    }
    assertThat(out.toFile().listFiles()).containsExactly(old.toFile());
  }

  private Path picture() throws IOException {
    Path picture = temporary.resolve("picture.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(32, 32, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        picture.toFile());
    return picture;
  }

  private void assertRefused(String out, String options, String... parts) throws IOException {
    Called called = train(out, options);

    assertThat(called.error()).contains(parts).doesNotContain("word");
    assertThat(called.out() + called.err()).doesNotContain("word");
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private static Called train(String out, String options) {
    return command("train", out, options);
  }

  private static Called command(String name, String out, String options) {
    List<String> arguments = new ArrayList<>(List.of(name, "--out", out));
    if (!options.contains("--data")) {
      arguments.addAll(List.of("--data", "synthetic", "--test-limit", "20"));
      if (!options.contains("--train-limit")) {
        arguments.addAll(List.of("--train-limit", "40"));
      }
    }
    Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).forEach(arguments::add);
    return Called.command(arguments.toArray(String[]::new));
  }
}
