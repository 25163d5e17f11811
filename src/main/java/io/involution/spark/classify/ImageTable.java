package io.involution.spark.classify;

import static org.apache.spark.sql.functions.lit;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.spark.examples.Tables;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;

/**
 * The images to classify: a table, or a folder as a table of its files' paths.
 *
 * @param data URI of the table or folder
 * @param format the format's name in Spark; {@code auto} or {@code folder}
 * @param image the column with the images
 * @param key the column with the images' names; empty for none, or for the paths in a folder
 * @param size the columns with raw images' height and width; empty if images are files
 */
public record ImageTable(
    String data, String format, String image, Optional<String> key, Optional<String> size) {
  /** Most bytes of a partition's files, each of which counts for some more. */
  static final long PARTITION_BYTES = 32L << 20;

  /** What opening a file takes, as bytes. */
  static final long OPEN_BYTES = 16L << 10;

  private static final String FOLDER = "folder";

  /**
   * Spark cuts a table's files into partitions by these settings, and by
   * spark.sql.files.maxPartitionNum where it is set: with the same ones, and the same files, a job
   * that is started again finds the same partitions.
   */
  private static Map<String, String> cut(int partitions) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.sql.files.maxPartitionBytes", String.valueOf(PARTITION_BYTES));
    settings.put("spark.sql.files.openCostInBytes", String.valueOf(OPEN_BYTES));
    settings.put("spark.sql.files.minPartitionNum", String.valueOf(partitions));
    return settings;
  }

  /**
   * A table that can be read.
   *
   * @param rows a key, which may be null, and an image, binary; of raw images, height and width; of
   *     a folder, the path of an image, and nothing else
   * @param files digest of the names, lengths, and times of its files, and of what each partition
   *     has of them: file systems may list equal files in another order
   */
  record Opened(JavaRDD<Row> rows, String files) {}

  /** Whether images are raw pixels in a table. */
  public boolean isRaw() {
    return size.isPresent();
  }

  /**
   * Opens it.
   *
   * @param partitions the fewest partitions
   * @param context the cluster
   * @throws InputException naming what is wrong and the fix
   */
  Opened open(int partitions, JavaSparkContext context) {
    if (format.equals(FOLDER)) {
      return ImageFolder.open(data, partitions, context);
    }
    SparkSession spark = SparkSession.builder().getOrCreate();
    cut(partitions).forEach(spark.conf()::set);
    Dataset<Row> table = Tables.load(spark.read(), format, data);
    JavaRDD<Row> rows = Tables.rows(table.select(columns(table).toArray(Column[]::new)));
    if (rows.getNumPartitions() == 0) {
      throw noImages(data);
    }
    return new Opened(rows, digest(table.inputFiles(), rows));
  }

  /** The refusal of a place where nothing is. */
  static InputException noImages(String data) {
    return new InputException(
        "--data " + Places.shown(data) + " holds no images: name another folder or table");
  }

  private List<Column> columns(Dataset<Row> table) {
    Column name =
        key.map(column -> Tables.column(table, "--key-column", column)).orElseGet(() -> lit(null));
    List<Column> columns = new ArrayList<>(List.of(name.cast("string").alias("key")));
    columns.add(Tables.column(table, "--image-column", image));
    requireType(table, columns.get(1), "--image-column " + Places.shown(image), Set.of("binary"));
    for (String side : size.map(names -> names.split(",", -1)).orElse(new String[0])) {
      Column column = Tables.column(table, "--size-columns", side.strip());
      requireType(table, column, "--size-columns " + Places.shown(side), Tables.WHOLE);
      columns.add(column.cast("bigint"));
    }
    return columns;
  }

  private static void requireType(
      Dataset<Row> table, Column column, String option, Set<String> types) {
    String type = Tables.type(table, column);
    if (!types.contains(type)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is of type %s: name a column of type %s",
              option,
              type,
              String.join(" or ", types)));
    }
  }

  private static String digest(String[] names, JavaRDD<Row> rows) {
    MessageDigest digest = Sha256.start();
    for (String name : names) {
      digest.update((name.length() + ":" + name).getBytes(StandardCharsets.UTF_8));
    }
    for (Partition partition : rows.partitions()) {
      if (partition instanceof FilePartition cut) {
        for (PartitionedFile file : cut.files()) {
          String text =
              String.format(
                  Locale.ROOT,
                  "%d %s %d %d\n",
                  cut.index(),
                  file,
                  file.fileSize(),
                  file.modificationTime());
          digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
