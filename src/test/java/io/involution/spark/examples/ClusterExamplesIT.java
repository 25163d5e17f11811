package io.involution.spark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.ExampleOptions;
import io.involution.config.TrainConfig;
import io.involution.data.ExampleSource;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.driver.Resumption;
import io.involution.failure.InputException;
import io.involution.files.SlowFileSystem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders and tables as examples, on a Spark of one JVM. */
class ClusterExamplesIT {
  private static final ImageShape SMALL = new ImageShape(3, 6, 5);
  private static final int CLASSES = 4;

  private static JavaSparkContext context;

  private final List<String> notices = new ArrayList<>();
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("examples")
            .set("spark.ui.enabled", "false")
            .set("spark.sql.shuffle.partitions", "2");
    context = new JavaSparkContext(conf);
    context.setLogLevel("ERROR");
  }

  @AfterAll
  static void stop() {
    context.stop();
  }

  /** Random examples whose labels take turns, so that names and numbers can give their order. */
  private static Shard examples(int size, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * SMALL.pixels()];
    random.nextBytes(pixels);
    short[] labels = new short[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (short) (i % CLASSES);
    }
    return new Shard(SMALL, CLASSES, pixels, labels);
  }

  private static ExampleOptions options(Object... namesAndValues) {
    Map<String, Object> given = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return TrainConfig.load(given, Optional.empty()).examples();
  }

  private ClusterExamples open(Path data, Object... given) {
    return FolderExamples.open(context, data.toString(), options(given), notices::add);
  }

  private ClusterExamples table(Path train, Path test, Object... given) {
    TableExamples.Place place =
        new TableExamples.Place(
            "parquet", train.toString(), Optional.ofNullable(test).map(Path::toString));
    return TableExamples.open(context, place, options(given), notices::add);
  }

  private static List<Shard> shards(ClusterExamples source, Subset subset, int workers) {
    List<ShardRange> ranges =
        IntStream.range(0, workers)
            .mapToObj(worker -> ShardRange.of(worker, workers, source.size(subset)))
            .toList();
    return source.shards(subset, ranges).collect();
  }

  private static void assertHolds(ClusterExamples source, Subset subset, Shard expected) {
    for (int workers : new int[] {1, 3, 7}) {
      List<Shard> shards = shards(source, subset, workers);
      assertThat(shards).hasSize(workers);
      int done = 0;
      for (Shard shard : shards) {
        assertThat(shard.size() - expected.size() / workers).isBetween(0, 1);
        assertThat(shard.image()).isEqualTo(expected.image());
        assertThat(shard.pixels())
            .isEqualTo(
                Arrays.copyOfRange(
                    expected.pixels(),
                    expected.offset(done),
                    expected.offset(done + shard.size())));
        assertThat(shard.labels())
            .isEqualTo(Arrays.copyOfRange(expected.labels(), done, done + shard.size()));
        done += shard.size();
      }
      assertThat(done).isEqualTo(expected.size());
    }
  }

  private static String fingerprint(ExampleSource source) {
    return source.fingerprint(List.of()).sha256();
  }

  private Path parquet(String name, Shard examples, int files) {
    Path table = folder.resolve(name);
    for (int i = 0; i < files; i++) {
      ShardRange range = ShardRange.of(i, files, examples.size());
      // The names are in another order than the examples.
      ImageFiles.parquet(
          table.resolve("part-" + (files - i) + ".parquet"), examples, range.from(), range.to());
    }
    return table;
  }

  @Test
  void foldersAndTablesHoldTheSameExamplesInTheSameOrder() {
    Shard train = examples(42, 1);
    Shard test = examples(12, 2);
    Path images = folder.resolve("images");
    ImageFiles.folder(images.resolve("train"), train);
    ImageFiles.folder(images.resolve("test"), test);
    Path trainTable = parquet("train.table", train, 3);
    Path testTable = parquet("test.table", test, 1);

    ClusterExamples ofFolder = open(images);
    ClusterExamples ofPictures =
        table(
            trainTable,
            testTable,
            "image-column",
            "picture",
            "label-column",
            "name",
            "order-by",
            "place");
    ClusterExamples ofRaw =
        table(
            trainTable,
            testTable,
            "image-column",
            "raw",
            "size-columns",
            "height, width",
            "order-by",
            "place");

    for (ClusterExamples source : List.of(ofFolder, ofPictures, ofRaw)) {
      assertThat(source.schema().image()).isEqualTo(SMALL);
      assertHolds(source, Subset.TRAIN, train);
      assertHolds(source, Subset.TEST, test);
      Shard few = source.read(Subset.TRAIN, new ShardRange(40, 42), context.hadoopConfiguration());
      assertThat(few.label(1)).isEqualTo(41 % CLASSES);
    }
    assertThat(ofFolder.schema().classes()).containsExactly("c0000", "c0001", "c0002", "c0003");
    assertThat(ofPictures.schema()).isEqualTo(ofFolder.schema());
    assertThat(ofRaw.schema().classes()).containsExactly("0", "1", "2", "3");
  }

  @Test
  void theContentAloneOrdersATable() {
    Shard examples = examples(60, 3);
    // Copies of one example on both sides of every border.
    for (int i = 0; i < 40; i++) {
      System.arraycopy(examples.pixels(), 0, examples.pixels(), examples.offset(i), SMALL.pixels());
      examples.labels()[i] = 0;
    }
    Object[] given = {"image-column", "picture", "test-fraction", 0.2};
    ClusterExamples one = table(parquet("one", examples, 1), null, given);
    ClusterExamples many = table(parquet("many", examples, 7), null, given);

    assertThat(fingerprint(one)).isEqualTo(fingerprint(many));
    assertThat(one.size(Subset.TRAIN) + one.size(Subset.TEST)).isEqualTo(60);
    Shard whole = shards(one, Subset.TRAIN, 1).get(0);
    assertHolds(many, Subset.TRAIN, whole);
    Object[] other = {"image-column", "picture", "test-fraction", 0.2, "split-seed", 7};
    assertThat(fingerprint(table(folder.resolve("one"), null, other)))
        .isNotEqualTo(fingerprint(one));
  }

  /** Images are larger than what Spark's 4,096 rows at once are made for. */
  @Test
  void aTaskHoldsFewRowsAtOnceAndTheSessionsSettingIsAsItWas() {
    SparkSession session = SparkSession.builder().getOrCreate();
    String setting = "spark.sql.parquet.columnarReaderBatchSize";
    session.conf().set(setting, "1000");
    Path table = parquet("table", examples(200, 6), 1);
    JavaRDD<Row> rows = Tables.rows(Tables.load(session.read(), "parquet", table.toString()));

    List<Long> held =
        rows.mapPartitions(
                each -> {
                  assertThat(each.hasNext()).isTrue();
                  return List.of(TaskContext.get().taskMetrics().inputMetrics().recordsRead())
                      .iterator();
                })
            .collect();

    assertThat(held).containsExactly(64L);
    assertThat(session.conf().get(setting)).isEqualTo("1000");
    session.conf().unset(setting);
  }

  @Test
  void aTableWithoutPartitionsIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    TableExamples.Place place =
        new TableExamples.Place("binaryFile", empty.toString(), Optional.empty());
    ExampleOptions options = options("image-column", "content", "label-column", "path");

    refused(() -> TableExamples.open(context, place, options, notices::add))
        .isEqualTo("--label-column path has no labels: there must be at least two classes");
  }

  @Test
  void columnsMayHaveOneNameOrADotInIt() {
    Path file = folder.resolve("names").resolve("part.parquet");
    ImageFiles.table(
        file,
        "message m { required binary image; required int32 a.label;"
            + " required group kind { required int32 id; }"
            + " required group meta { required int64 id; } }",
        40,
        (row, i) -> {
          row.add("image", Binary.fromConstantByteArray(ImageFiles.png(examples(2, i), 1)));
          row.add("a.label", i % 2);
          row.addGroup("kind").add("id", i % 2);
          row.addGroup("meta").add("id", (long) i);
        });

    for (String[] columns : new String[][] {{"kind.id", "meta.id"}, {"`a.label`", "`a.label`"}}) {
      ClusterExamples source =
          table(
              file.getParent(),
              null,
              "test-fraction",
              0.3,
              "label-column",
              columns[0],
              "order-by",
              columns[1]);

      assertThat(source.schema().classes()).containsExactly("0", "1");
      assertThat(source.size(Subset.TRAIN) + source.size(Subset.TEST)).isEqualTo(40);
    }
  }

  @Test
  void anySizeIsScaledAndClassesTakeTurns() throws IOException {
    Path data = folder.resolve("data");
    int[] sizes = {30, 10, 5};
    for (int label = 0; label < sizes.length; label++) {
      for (int i = 0; i < sizes[label]; i++) {
        int type = i % 2 == 0 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_ARGB;
        BufferedImage image = new BufferedImage(9 + i, 40 - i, type);
        image.setRGB(3, 3, 0x80123456 + i);
        Path file =
            data.resolve("class " + label + "/%41 b/" + i + (i % 3 == 0 ? "#1.PNG" : "ü.png"));
        ImageFiles.write(file, ImageFiles.png(image));
      }
    }
    ImageFiles.write(data.resolve("class 0/.DS_Store"), new byte[9]);
    ImageFiles.write(data.resolve("class 0/_SUCCESS"), new byte[0]);
    ImageFiles.write(data.resolve("_temporary/x.png"), new byte[0]);

    ClusterExamples source =
        open(data, "image-size", "12x10", "image-channels", 4, "test-fraction", 0.2);

    assertThat(source.schema().image()).isEqualTo(new ImageShape(4, 12, 10));
    int trained = source.size(Subset.TRAIN);
    assertThat(trained + source.size(Subset.TEST)).isEqualTo(45);
    List<Shard> shards = shards(source, Subset.TRAIN, 3);
    int[] counts = new int[3];
    for (int label : shards.get(1).labels()) {
      counts[label]++;
    }
    assertThat(counts[0]).isGreaterThan(counts[1]);
    assertThat(counts[1]).isPositive();
    assertThat(notices).isEmpty();
    assertThat(fingerprint(open(data, "image-size", "12x10", "test-fraction", 0.2)))
        .as("without alpha")
        .isNotEqualTo(fingerprint(source));
  }

  @Test
  void unreadableImagesAreNamedAndLeftOutOnRequest() {
    Path data = folder.resolve("data");
    ImageFiles.folder(data, examples(40, 4));
    ImageFiles.write(data.resolve("c0001/damaged.png"), new byte[50]);
    ImageFiles.write(data.resolve("c0002/notes.txt"), "no image".getBytes(StandardCharsets.UTF_8));

    refused(() -> open(data, "test-fraction", 0.3))
        .contains("2 of 42 images cannot be read", "c0001/damaged.png", "--unreadable skip");
    ClusterExamples source = open(data, "test-fraction", 0.3, "unreadable", "skip");
    assertThat(source.size(Subset.TRAIN) + source.size(Subset.TEST)).isEqualTo(40);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("2 of 42", "c0001/damaged.png", "c0002/notes.txt");
  }

  @Test
  void refusesFoldersThatCannotBeLearned() throws IOException {
    Path data = folder.resolve("data");
    refused(() -> open(data)).contains("does not exist");
    Files.createDirectories(data.resolve("a"));
    refused(() -> open(data)).contains("no test images", "--test-fraction");
    refused(() -> open(data, "test-fraction", 0.5)).contains("one class only");
    Files.createDirectories(data.resolve("b"));
    refused(() -> open(data, "test-fraction", 0.5)).contains("has no images");
    ImageFiles.write(data.resolve("a/1.png"), ImageFiles.png(examples(1, 1), 0));
    refused(() -> open(data, "test-fraction", 0.01)).contains("class b has no training images");
    ImageFiles.write(data.resolve("b/1.png"), ImageFiles.png(examples(1, 2), 0));
    refused(() -> open(data, "test-fraction", 0.0001)).contains("has no test images");
    BufferedImage wide = new BufferedImage(300, 6, BufferedImage.TYPE_INT_RGB);
    ImageFiles.write(data.resolve("b/2.png"), ImageFiles.png(wide));
    refused(() -> open(data, "test-fraction", 0.3)).contains("300 x 6 pixels", "--image-size");
    BufferedImage square = new BufferedImage(7, 6, BufferedImage.TYPE_INT_RGB);
    ImageFiles.write(data.resolve("b/2.png"), ImageFiles.png(square));
    refused(() -> open(data, "test-fraction", 0.3))
        .contains("not of one size", "3 x 6 x 5", "3 x 6 x 7", "--image-size");
    Files.createDirectories(data.resolve("evil\nclass"));
    refused(() -> open(data, "test-fraction", 0.5)).contains("control character");
    Files.delete(data.resolve("evil\nclass"));
    Files.createSymbolicLink(data.resolve("b/loop"), data.resolve("b"));
    refused(() -> open(data, "test-fraction", 0.5)).contains("16 folders deep");
    Files.createDirectories(data.resolve("test/c"));
    refused(() -> open(data)).contains("no folder train");
    Files.createDirectories(data.resolve("train/a"));
    Files.createDirectories(data.resolve("train/b"));
    refused(() -> open(data)).contains("without training images");
    refused(() -> open(data, "test-fraction", 0.5)).contains("leave out --test-fraction");
  }

  @Test
  void refusesTablesThatCannotBeLearned() {
    Shard examples = examples(20, 5);
    Path good = parquet("good", examples, 1);
    String split = "test-fraction";
    refused(() -> table(good, null, split, 0.3))
        .contains("--image-column image is not in the table", "picture");
    refused(() -> table(good, null, split, 0.3, "image-column", "name"))
        .contains("is of type string", "binary");
    refused(() -> table(good, null, split, 0.3, "image-column", "picture", "label-column", "raw"))
        .contains("--label-column raw is of type binary");
    refused(() -> table(good, null, split, 0.3, "image-column", "picture", "order-by", "nothing"))
        .contains("--order-by nothing is not in the table");
    refused(() -> table(good, null, split, 0.3, "image-column", "raw", "size-columns", "a,b"))
        .contains("--size-columns a is not in the table");
    refused(
            () ->
                table(good, null, split, 0.3, "image-column", "raw", "size-columns", "place,label"))
        .contains("images cannot be read", "no 1 to 4 channels");
    refused(() -> table(good, null, split, 0.3, "image-column", "raw"))
        .contains("20 of 20 images cannot be read", "PNG");
    refused(() -> table(folder.resolve("nowhere"), null, split, 0.3)).contains("cannot be read");
    ImageFiles.write(folder.resolve("damaged/part-1.parquet"), new byte[100]);
    refused(() -> table(folder.resolve("damaged"), null, split, 0.3)).contains("cannot be read");
    refused(() -> labels("negative", 0, -3)).contains("has the label -3");
    refused(() -> labels("one", 0, 0)).contains("one class only");
    refused(() -> labels("many", 0, 10_000)).contains("the label 10000", "0 to 9,999");
    refused(() -> labels("gap", 0, 2)).contains("class 1 has no training images");
    refused(() -> labels("null", 0, null)).contains("is empty in 1 rows");
  }

  /** It is neither left out nor refused: whoever tries again may get it. */
  @Test
  void anImageWhoseServerDoesNotAnswerIsReadLater() {
    SlowFileSystem.register(context.hadoopConfiguration());
    Path images = folder.resolve("images");
    ImageFiles.folder(images.resolve("train"), examples(40, 1));
    ImageFiles.folder(images.resolve("test"), examples(12, 2));
    ImageFiles.write(images.resolve("train/slow/a.png"), ImageFiles.png(examples(1, 3), 0));
    ExampleOptions skipping = options("unreadable", "skip");

    assertThatThrownBy(
            () -> FolderExamples.open(context, "slow://" + images, skipping, notices::add))
        .hasMessageContaining("slow/a.png cannot be read (SocketTimeoutException: no answer)")
        .matches(Resumption::mayPass);

    ClusterExamples all = FolderExamples.open(context, "slow://" + images, skipping, notices::add);
    assertThat(all.size(Subset.TRAIN)).isEqualTo(41);
    assertThat(notices).isEmpty();
  }

  /** Spark would try a task three times more that throws an exception. */
  @Test
  void anEmptyPlaceEndsTheReadingWithoutAFailedTask() throws Exception {
    Path file = folder.resolve("places").resolve("part.parquet");
    ImageFiles.table(
        file,
        "message m { required binary image; required int32 label; optional int64 place; }",
        20,
        (row, i) -> {
          row.add("image", Binary.fromConstantByteArray(ImageFiles.png(examples(2, i), 1)));
          row.add("label", i % 2);
          if (i != 7) {
            row.add("place", (long) i);
          }
        });
    FailedTasks failed = FailedTasks.of(context);

    refused(
            () ->
                table(
                    file.getParent(),
                    null,
                    "test-fraction",
                    0.3,
                    "order-by",
                    "place",
                    "unreadable",
                    "skip"))
        .isEqualTo("--order-by place is empty in some rows: fill it in, or leave it out");

    assertThat(failed.count()).isZero();
  }

  private void labels(String name, Integer... labels) {
    Path file = folder.resolve(name).resolve("part.parquet");
    ImageFiles.table(
        file,
        "message m { required binary image; optional int32 label; }",
        labels.length,
        (row, i) -> {
          row.add("image", Binary.fromConstantByteArray(ImageFiles.png(examples(2, i), 1)));
          if (labels[i] != null) {
            row.add("label", labels[i]);
          }
        });
    table(file.getParent(), null, "test-fraction", 0.0001);
  }

  private static org.assertj.core.api.AbstractStringAssert<?> refused(Runnable opening) {
    return assertThat(
        assertThatExceptionOfType(InputException.class)
            .isThrownBy(opening::run)
            .satisfies(e -> assertThat(e.getMessage()).matches("[^\\n\\r]+"))
            .actual()
            .getMessage());
  }
}
