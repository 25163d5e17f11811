package io.involution.spark.classify;

import static org.apache.spark.sql.functions.lit;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.spark.examples.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FilePartition;

/**
 * The images to classify: a table, or a folder as a table of its files.
 *
 * @param data URI of the table or folder
 * @param format the format's name in Spark; {@code auto} or {@code folder}
 * @param image the column with the images
 * @param key the column with the images' names; empty for none, or for the paths in a folder
 * @param size the columns with raw images' height and width; empty if images are files
 */
public record ImageTable(
    String data, String format, String image, Optional<String> key, Optional<String> size) {
  private static final String FOLDER = "folder";

  /** Files whose lengths and times are looked up, one by one. */
  private static final int MOST_LOOKED_AT = 10_000;

  private static final String PICTURES = "*.{png,PNG,jpg,JPG,jpeg,JPEG,gif,GIF,bmp,BMP}";

  /**
   * Spark cuts files into partitions by these settings and by nothing else: with the same ones, and
   * the same files, a job that is started again finds the same partitions.
   */
  private static Map<String, String> cut(int partitions) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.sql.files.maxPartitionBytes", "33554432");
    settings.put("spark.sql.files.openCostInBytes", "16384");
    settings.put("spark.sql.files.minPartitionNum", String.valueOf(partitions));
    return settings;
  }

  /**
   * A table that can be read.
   *
   * @param rows a key, which may be null, and an image, binary; of raw images, height and width
   * @param files digest of the names, lengths, and times of its files, and of what each partition
   *     has of them: file systems may list equal files in another order
   */
  record Opened(JavaRDD<Row> rows, String files) {}

  /** Whether images are raw pixels in a table. */
  public boolean isRaw() {
    return size.isPresent() && !format.equals(FOLDER);
  }

  /**
   * Opens it.
   *
   * @param partitions the fewest partitions
   * @param hadoop settings of the file systems
   * @throws InputException naming what is wrong and the fix
   */
  Opened open(int partitions, Configuration hadoop) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    cut(partitions).forEach(spark.conf()::set);
    // Rows that a task holds at once: images are larger than what Spark's 4,096 are made for.
    spark.conf().set("spark.sql.parquet.columnarReaderBatchSize", "64");
    spark.conf().set("spark.sql.orc.columnarReaderBatchSize", "64");
    Dataset<Row> table = load(spark.read());
    JavaRDD<Row> rows = table.select(columns(table).toArray(Column[]::new)).javaRDD();
    if (rows.getNumPartitions() == 0) {
      throw new InputException(
          "--data " + Places.shown(data) + " holds no images: name another folder or table");
    }
    return new Opened(rows, digest(table.inputFiles(), rows, hadoop));
  }

  private List<Column> columns(Dataset<Row> table) {
    if (format.equals(FOLDER)) {
      return List.of(table.col("path"), table.col("content"));
    }
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

  private static String digest(String[] names, JavaRDD<Row> rows, Configuration hadoop) {
    MessageDigest digest = Sha256.start();
    for (String name : names) {
      String text = name.length() + ":" + name;
      if (names.length <= MOST_LOOKED_AT) {
        text += state(name, hadoop);
      }
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    for (Partition partition : rows.partitions()) {
      if (partition instanceof FilePartition cut) {
        String text = cut.index() + " " + Arrays.toString(cut.files());
        digest.update(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String state(String name, Configuration hadoop) {
    try {
      Path path = UserPath.of(name);
      FileStatus status = FileSystems.of(path, hadoop).getFileStatus(path);
      return " " + status.getLen() + " " + status.getModificationTime();
    } catch (IOException | IllegalArgumentException e) {
      // Whoever reads the file says what is wrong with it.
      return "";
    }
  }

  private Dataset<Row> load(DataFrameReader reader) {
    if (!format.equals(FOLDER)) {
      return Tables.load(reader, format, data);
    }
    DataFrameReader pictures =
        reader.option("recursiveFileLookup", "true").option("pathGlobFilter", PICTURES);
    try {
      return pictures.format("binaryFile").load(data);
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception e) {
      throw Tables.unreadable(data, format, e);
    }
  }
}
