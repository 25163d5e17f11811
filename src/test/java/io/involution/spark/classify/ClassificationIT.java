package io.involution.spark.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.cli.SmallDisk;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.folder.ClassFiles;
import io.involution.driver.Resumption;
import io.involution.evaluate.Evaluator;
import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.files.UserPath;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.soak.VaultFileSystem;
import io.involution.spark.examples.FailedTasks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and folders of images, on a Spark of one JVM. */
class ClassificationIT {
  private static final ImageShape IMAGE = ImageShape.CIFAR10;
  private static final NetworkBlueprint NETWORK =
      NetworkBlueprint.of(
          "involution", NetworkKind.INVOLUTION.configuration(new NetworkOptions(3, 0.001)));

  private static JavaSparkContext context;
  private static ComputationGraph graph;
  private static float[] parameters;

  private final List<String> lines = new ArrayList<>();
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("classify")
            .set("spark.ui.enabled", "false");
    context = new JavaSparkContext(conf);
    context.setLogLevel("ERROR");
    graph = NETWORK.build();
    parameters = graph.params().toFloatVector();
  }

  @AfterAll
  static void stop() {
    graph.close();
    context.stop();
  }

  @Test
  void everyRowOfATableIsClassifiedOnceAndAsTheNetworkDoesIt() throws IOException {
    Map<String, byte[]> images = table(700);

    run(task(true));

    List<Row> rows = rows();
    assertThat(rows).hasSize(700);
    assertThat(rows.stream().map(row -> row.<String>getAs("key")))
        .containsExactlyInAnyOrderElementsOf(images.keySet());
    for (Row row : rows.subList(0, 50)) {
      float[] expected = probabilities(images.get(row.<String>getAs("key")));
      List<Float> found = row.getList(row.fieldIndex("probabilities"));
      int label = Evaluator.argMax(expected);
      assertThat(row.<Integer>getAs("label")).isEqualTo(label);
      assertThat(row.<String>getAs("class")).isEqualTo(DataSchema.CIFAR10.classes().get(label));
      assertThat(row.<String>getAs("error")).isNull();
      for (int i = 0; i < expected.length; i++) {
        // Matrix products of other sizes may differ in the last bit.
        assertThat(found.get(i)).isCloseTo(expected[i], within(1e-6f));
      }
      List<Row> kernels = row.getList(row.fieldIndex("kernels"));
      assertThat(kernels.stream().map(kernel -> kernel.<String>getAs("layer")))
          .containsExactly("involution1", "involution2", "involution3");
      for (Row kernel : kernels) {
        assertThat(kernel.<Float>getAs("least"))
            .isLessThanOrEqualTo(kernel.<Float>getAs("mean"))
            .isLessThanOrEqualTo(kernel.<Float>getAs("most"));
        assertThat(kernel.<Integer>getAs("row")).isBetween(0, 31);
      }
    }
    assertThat(lines.get(lines.size() - 1)).startsWith("700 images in ").contains("images/s");
    assertThat(folder.resolve("out/_SUCCESS")).exists();
  }

  /** As after a driver that died: some partitions are done, and of others there is a part. */
  @Test
  void aJobThatIsStartedAgainComputesWhatIsMissingAndNothingElse() throws IOException {
    table(500);
    run(task(false));
    List<Row> before = rows();
    Path out = folder.resolve("out");
    List<Path> parts = parquet(out);
    assertThat(parts).hasSizeGreaterThan(4);
    Files.delete(out.resolve("_SUCCESS"));
    Files.delete(out.resolve("_parts/00001.json"));
    Files.writeString(out.resolve("_parts/00002.json"), "{\"part\":2,");
    Files.delete(parts.get(3));
    Files.delete(parts.get(1));
    Files.writeString(parts.get(2), "half a file");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(parts.get(0), old);

    run(task(false));

    assertThat(lines).anyMatch(line -> line.matches("\\d+ of \\d+ partitions are done: going on"));
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(before);
    assertThat(Files.getLastModifiedTime(parts.get(0))).isEqualTo(old);
    assertThat(out.resolve("_SUCCESS")).exists();

    run(task(false));
    assertThat(lines.get(lines.size() - 1)).contains("500 images", "nothing was left to do");
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void picturesInAFolderAreNamedByTheirPathsAndThoseThatCannotBeReadHaveAReason()
      throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures [2020]"));
    Path deep = Files.createDirectory(pictures.resolve("deep"));
    Files.write(deep.resolve("a.png"), png(64, 40));
    // What Hadoop's local file system compares a file with, here of another one.
    Files.write(deep.resolve(".a.png.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
    Files.write(pictures.resolve("ü b.PNG"), png(32, 32));
    Files.write(pictures.resolve("shot 10:20:30.png"), png(32, 32));
    Files.write(pictures.resolve("IMG_1.Jpg"), png(32, 32));
    Files.writeString(pictures.resolve("no.jpg"), "no picture");
    Files.createFile(pictures.resolve("broken.png"));
    try (SeekableByteChannel huge =
        Files.newByteChannel(
            pictures.resolve("huge.png"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      huge.position(64 << 20).write(ByteBuffer.allocate(1));
    }
    Files.writeString(pictures.resolve("readme.txt"), "no picture either");
    ImageTable table = ofFolder(pictures);

    new Classification(context, table, task(false, false), lines::add)
        .run(parameters, "sha", "1.0.0");

    Map<String, Row> byKey = new TreeMap<>();
    rows().forEach(row -> byKey.put(row.<String>getAs("key").replaceAll(".*/", ""), row));
    assertThat(byKey)
        .containsOnlyKeys(
            "a.png",
            "ü b.PNG",
            "shot 10:20:30.png",
            "IMG_1.Jpg",
            "no.jpg",
            "broken.png",
            "huge.png");
    for (String good : List.of("a.png", "ü b.PNG", "shot 10:20:30.png", "IMG_1.Jpg")) {
      assertThat(byKey.get(good).<Integer>getAs("label")).as(good).isBetween(0, 9);
    }
    assertThat(byKey.get("broken.png").<String>getAs("error"))
        .contains("broken.png is not a readable image");
    assertThat(byKey.get("huge.png").<String>getAs("error"))
        .contains("huge.png cannot be read (TooLargeException: 67108865 bytes");
    Row unreadable = byKey.get("no.jpg");
    assertThat(unreadable.<String>getAs("error")).contains("no.jpg is not a readable image");
    assertThat(unreadable.isNullAt(unreadable.fieldIndex("label"))).isTrue();
    assertThat(unreadable.isNullAt(unreadable.fieldIndex("probabilities"))).isTrue();
    assertThat(lines.get(lines.size() - 1)).contains("7 images", "3 of them unreadable");
    assertThat(lines.get(lines.size() - 2))
        .contains("warning: 3 of 7 images cannot be read: ", "no.jpg is not a readable image");
    String files = table.open(2, context).files();
    Files.setLastModifiedTime(deep.resolve("a.png"), FileTime.fromMillis(1_000_000));
    assertThat(table.open(2, context).files()).isNotEqualTo(files);
    assertThat(table.open(2, context).rows().getNumPartitions()).isEqualTo(2);
  }

  @Test
  void anImageThatIsGoneIsOneRowAndAFolderThatIsNotThereEndsTheJob() throws IOException {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    assertThatThrownBy(() -> ClassFiles.readInTask(UserPath.of(mount.resolve("a.png")), hadoop()))
        .as("a disk that is not mounted here")
        .isInstanceOf(RunFailedException.class);
    assertRefused(
        () -> ClassFiles.readInTask(UserPath.of(folder.resolve("gone.png")), hadoop()),
        "gone.png cannot be read (");
    assertThatThrownBy(
            () -> ClassFiles.readInTask(UserPath.of(folder.resolve("elsewhere/a.png")), hadoop()))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("elsewhere/a.png cannot be read (")
        .hasMessageEndingWith("make sure that the driver and all executors can reach it");
    assertRefused(
        () -> ofFolder(folder.resolve("elsewhere")).open(2, context),
        "elsewhere cannot be read as a folder (");
    assertRefused(() -> ofFolder(folder).open(2, context), "holds no images: name another folder");
  }

  @Test
  void thePasswordOfAFoldersUriIsInNoRow() throws IOException {
    hadoop().set("fs.vault.impl", VaultFileSystem.class.getName());
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.write(pictures.resolve("a.png"), png(32, 32));
    ImageTable table =
        new ImageTable(
            "vault://me:word@host" + pictures,
            "folder",
            "image",
            Optional.empty(),
            Optional.empty());

    new Classification(context, table, task(false, false), lines::add)
        .run(parameters, "sha", "1.0.0");

    assertThat(rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.<String>getAs("key"))
                  .isEqualTo("vault://me@host" + pictures + "/a.png");
              assertThat(row.<String>getAs("error")).isNull();
            });
  }

  @Test
  void aPlanThatADeadDriverHasOnlyNamedIsBegunAnew() throws IOException {
    table(20);
    Path plan = Files.createDirectories(folder.resolve("out")).resolve("_classify.json");
    Files.createFile(plan);

    run(task(false));

    assertThat(plan).content().contains("\"sha\"");
  }

  /** The second one looks into the folder before the first one begins. */
  @Test
  void ofTwoJobsThatBeginInAFolderTheSecondIsRefused() throws IOException {
    table(20);
    Runnable first = () -> run(task(false));
    JavaSparkContext between =
        new JavaSparkContext(context.sc()) {
          @Override
          public Integer defaultParallelism() {
            first.run();
            return super.defaultParallelism();
          }
        };

    assertRefused(
        () ->
            new Classification(between, images(), task(false), lines::add)
                .run(parameters, "another", "1.0.0"),
        "holds the classification of something else (model: sha there, another here)");
    assertThat(Files.readString(folder.resolve("out/_classify.json"))).contains("\"sha\"");
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() throws IOException {
    table(20);
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(out.resolve("other"), "");
    assertRefused(() -> run(task(false)), "holds files of something else");
    Files.delete(out.resolve("other"));
    run(task(false));
    List<Row> before = rows();

    assertRefused(
        () ->
            new Classification(context, images(), task(false), lines::add)
                .run(parameters, "another", "1.0.0"),
        "holds the classification of something else (model: sha there, another here)");
    assertRefused(
        () ->
            new Classification(context, images(), task(false), lines::add)
                .run(parameters, "sha", "1.0.1"),
        "holds the classification of something else (job_version: 1.0.0 there, 1.0.1 here)");
    assertRefused(
        () -> open("parquet", "picture", "id", "height,width"),
        "--image-column picture is not in the table: its columns are id, image, height, width");
    assertRefused(() -> open("parquet", "id", "id", "height,width"), "--image-column id is of");
    assertRefused(() -> open("parquet", "image", "name", "height,width"), "--key-column name");
    assertRefused(() -> open("parquet", "image", "id", "height,id"), "--size-columns id is of");
    assertRefused(() -> open("orc", "image", "id", "height,width"), "cannot be read as orc");
    Path file = Files.writeString(folder.resolve("file"), "");
    ClassifyTask elsewhere =
        new ClassifyTask(NETWORK, DataSchema.CIFAR10, true, false, file.resolve("x").toString());
    assertRefused(() -> run(elsewhere), "--out: cannot ");
    assertThat(images().open(2, context).files())
        .as("the same files cut into other partitions")
        .isNotEqualTo(images().open(64, context).files());
    Path moved = Files.move(folder.resolve("table"), folder.resolve("a table"));
    String files = images(moved).open(2, context).files();
    Files.setLastModifiedTime(parquet(moved).get(0), FileTime.fromMillis(1_000_000));
    assertThat(images(moved).open(2, context).files())
        .as("a file that was changed")
        .isNotEqualTo(files);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(before);
  }

  /** The same in every partition: the first one ends the job, and Spark tries none again. */
  @Test
  void aModelThatDivergedEndsTheJobWithoutAFailedTask() throws Exception {
    table(200);
    float[] diverged = parameters.clone();
    Arrays.fill(diverged, Float.NaN);
    FailedTasks failed = FailedTasks.of(context);

    assertRefused(
        () ->
            new Classification(context, images(), task(false), lines::add)
                .run(diverged, "sha", "1.0.0"),
        "the model computes numbers that are NaN or infinite");

    assertThat(failed.count()).isZero();
    assertThat(folder.resolve("out/_SUCCESS")).doesNotExist();
  }

  @Test
  void aDiskThatFillsUpEndsTheJobWithoutAFailedTaskAndTheJobGoesOnWhenThereIsRoom()
      throws Exception {
    Map<String, byte[]> images = table(200);
    FailedTasks failed = FailedTasks.of(context);
    // Room for the plan and for some of the partitions.
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 24)) {
      ClassifyTask task = task(disk.resolve("out"), true, false);

      assertThatThrownBy(() -> run(task))
          .isInstanceOf(RunFailedException.class)
          .hasMessageContaining("cannot write file:" + disk.resolve("out"))
          .hasMessageContaining("No space left on device")
          .matches(Resumption::mayPass);
      assertThat(failed.count()).isZero();

      disk.grow(8 << 10);
      run(task);
      assertThat(rows(disk.resolve("out")).stream().map(row -> row.<String>getAs("key")))
          .containsExactlyInAnyOrderElementsOf(images.keySet());
    }
  }

  @Test
  void orcIsATableTooAndTextIsRefused() throws IOException {
    Map<String, byte[]> images = table(40);
    Dataset<Row> rows =
        SparkSession.builder().getOrCreate().read().parquet(folder.resolve("table").toString());
    rows.write().orc(folder.resolve("orc").toString());
    rows.write().json(folder.resolve("json").toString());
    ImageTable orc =
        new ImageTable(
            folder.resolve("orc").toString(),
            "orc",
            "image",
            Optional.of("id"),
            Optional.of("height,width"));

    new Classification(context, orc, task(false), lines::add).run(parameters, "sha", "1.0.0");

    assertThat(rows().stream().map(row -> row.<String>getAs("key")))
        .containsExactlyInAnyOrderElementsOf(images.keySet());
    assertRefused(
        () ->
            new ImageTable(
                    folder.resolve("json").toString(),
                    "json",
                    "image",
                    Optional.of("id"),
                    Optional.empty())
                .open(4, context),
        "--data-format json holds text and no images: write a Parquet table");
  }

  private static void assertRefused(Runnable run, String message) {
    assertThatThrownBy(run::run).isInstanceOf(InputException.class).hasMessageContaining(message);
  }

  private void open(String format, String image, String key, String size) {
    new ImageTable(
            folder.resolve("table").toString(), format, image, Optional.of(key), Optional.of(size))
        .open(4, context);
  }

  private void run(ClassifyTask task) {
    new Classification(context, images(), task, lines::add).run(parameters, "sha", "1.0.0");
  }

  private ImageTable images() {
    return images(folder.resolve("table"));
  }

  private static ImageTable images(Path table) {
    return new ImageTable(
        table.toString(), "parquet", "image", Optional.of("id"), Optional.of("height,width"));
  }

  private static ImageTable ofFolder(Path pictures) {
    return new ImageTable(
        pictures.toString(), "folder", "image", Optional.empty(), Optional.empty());
  }

  private static Configuration hadoop() {
    return context.hadoopConfiguration();
  }

  private ClassifyTask task(boolean explain) {
    return task(true, explain);
  }

  private ClassifyTask task(boolean raw, boolean explain) {
    return task(folder.resolve("out"), raw, explain);
  }

  private static ClassifyTask task(Path out, boolean raw, boolean explain) {
    return new ClassifyTask(NETWORK, DataSchema.CIFAR10, raw, explain, out.toString());
  }

  /** A table of raw images in several files; the planes of each image by its key. */
  private Map<String, byte[]> table(int size) {
    Random random = new Random(1);
    Map<String, byte[]> planes = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] image = new byte[IMAGE.pixels()];
      random.nextBytes(image);
      byte[] pixels = new byte[image.length];
      for (int at = 0; at < image.length; at++) {
        pixels[at % IMAGE.plane() * 3 + at / IMAGE.plane()] = image[at];
      }
      planes.put("row " + i, image);
      rows.add(RowFactory.create("row " + i, pixels, 32, 32));
    }
    StructType type =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("image", DataTypes.BinaryType)
            .add("height", DataTypes.IntegerType)
            .add("width", DataTypes.IntegerType);
    SparkSession.builder()
        .getOrCreate()
        .createDataFrame(rows, type)
        .repartition(6)
        .write()
        .parquet(folder.resolve("table").toString());
    return planes;
  }

  private static float[] probabilities(byte[] planes) {
    Shard shard = new Shard(IMAGE, 10, planes, new short[1]);
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(shard, new int[] {0}, 0, 1);
      return Evaluator.probabilities(graph, minibatch.images())[0];
    }
  }

  private List<Row> rows() {
    return rows(folder.resolve("out"));
  }

  private static List<Row> rows(Path out) {
    return SparkSession.builder().getOrCreate().read().parquet(out.toString()).collectAsList();
  }

  private static List<Path> parquet(Path out) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static byte[] png(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, width).forEach(x -> image.setRGB(x, x % height, 0x336699 + x));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
