package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.spark.examples.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** A table of images that classify reads on executors of their own, to be disturbed. */
final class ClassifyRuns {
  private static final ImageShape IMAGE = ImageShape.CIFAR10;

  /** Spark does not cut these small files, so that every partition has rows. */
  private static final int FILES = 80;

  private final Path folder;
  private final int images;

  /**
   * Writes the table and the model.
   *
   * @param images number of rows
   */
  ClassifyRuns(Path folder, int images) throws IOException {
    this.folder = folder;
    this.images = images;
    Files.write(
        folder.resolve("model.zip"),
        SavedNetwork.file(
            NetworkBlueprint.of(
                "convolution",
                NetworkKind.CONVOLUTION.configuration(new NetworkOptions(1, 1e-3)))));
    byte[] pixels = new byte[100 * IMAGE.pixels()];
    new Random(5).nextBytes(pixels);
    Shard shard = new Shard(IMAGE, 10, pixels, new short[100]);
    for (int file = 0; file < FILES; file++) {
      ImageFiles.classifiable(
          folder.resolve("table/part-" + file + ".parquet"),
          shard,
          (long) images * file / FILES,
          (long) images * (file + 1) / FILES);
    }
  }

  /**
   * Starts a job of two executors.
   *
   * @param out name of its folder
   * @param least Spark makes at least four partitions for each of so many slots
   */
  JobProcess start(String out, int least) {
    return JobProcess.start(
        folder,
        List.of(
            "submit/local-cluster",
            "--master",
            "local-cluster[2,1,1024]",
            "--conf",
            "spark.default.parallelism=" + least,
            "classify",
            "--model",
            folder.resolve("model.zip").toString(),
            "--data",
            folder.resolve("table").toString(),
            "--image-column",
            "raw",
            "--size-columns",
            "height,width",
            "--key-column",
            "place",
            // From the driver's folder, which is not the executors'.
            "--out",
            Path.of("").toAbsolutePath().relativize(folder.resolve(out)).toString()));
  }

  /** Waits until so many partitions are done, and fails if the job ends before that. */
  void awaitParts(JobProcess job, String out, int parts) throws InterruptedException {
    while (parts(out) < parts) {
      assertThat(job.isAlive()).as(job.out() + job.err()).isTrue();
      Thread.sleep(10);
    }
  }

  /** Number of partitions that are done. */
  int parts(String out) {
    try (Stream<Path> markers = Files.list(folder.resolve(out).resolve("_parts"))) {
      return (int) markers.filter(each -> each.toString().endsWith(".json")).count();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** Kills the driver, and waits for the executors, which end by themselves. */
  static void killDriver(JobProcess job) {
    List<ProcessHandle> executors = Kill.executors(job.driver());
    Kill.at(job.driver());
    executors.forEach(each -> each.onExit().orTimeout(2, TimeUnit.MINUTES).join());
  }

  /** Checks that each row is there once, and that equal images have equal probabilities. */
  void assertComplete(String out) {
    Map<String, Integer> keys = new TreeMap<>();
    Map<Long, String> byImage = new TreeMap<>();
    for (Path file : parquet(out)) {
      read(
          file,
          row -> {
            String key = row.getString("key", 0);
            keys.merge(key, 1, Integer::sum);
            byImage.merge(
                Long.parseLong(key) % 100,
                String.valueOf(row.getInteger("label", 0)),
                (first, other) -> {
                  assertThat(other).isEqualTo(first);
                  return first;
                });
          });
    }
    assertThat(keys).hasSize(images);
    assertThat(keys.values()).containsOnly(1);
    assertThat(folder.resolve(out).resolve("_SUCCESS")).exists();
  }

  private List<Path> parquet(String out) {
    try (Stream<Path> files = Files.list(folder.resolve(out))) {
      return new ArrayList<>(files.filter(file -> file.toString().endsWith(".parquet")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Path file, Consumer<Group> to) {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), path)
            .withConf(new Configuration(false))
            .build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        to.accept(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
