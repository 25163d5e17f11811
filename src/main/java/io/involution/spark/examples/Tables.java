package io.involution.spark.examples;

import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.spark.TaskFailures;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.package$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;

/** What the commands that read a table ask of it, and what they say of one that does not fit. */
public final class Tables {
  /** The types of whole numbers, as Spark names them. */
  public static final SortedSet<String> WHOLE =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(Set.of("tinyint", "smallint", "int", "bigint")));

  private static final Set<String> TEXTS = Set.of("csv", "json", "text", "xml");

  /** How many rows a task holds at once: images are larger than what 4,096 are made for. */
  private static final List<String> ROWS_AT_ONCE =
      List.of("spark.sql.parquet.columnarReaderBatchSize", "spark.sql.orc.columnarReaderBatchSize");

  private static final String FEW = "64";

  private Tables() {}

  /**
   * Reads a table.
   *
   * @param format its name in Spark
   * @param place its path or name
   * @throws InputException if it cannot be read, or holds text only
   */
  public static Dataset<Row> load(DataFrameReader reader, String format, String place) {
    if (TEXTS.contains(format.toLowerCase(Locale.ROOT))) {
      throw new InputException(
          "--data-format "
              + format
              + " holds text and no images: write a Parquet table whose column of images is binary"
              + " (unbase64 in Spark decodes base64)");
    }
    try {
      return reader.format(format).load(place);
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception | LinkageError e) {
      throw unreadable(place, format, e);
    }
  }

  /**
   * The rows of a table with images, of which a task holds only a few at once. Spark reads its
   * settings while it plans, which ends here: afterwards the session has its own ones again.
   */
  public static synchronized JavaRDD<Row> rows(Dataset<Row> table) {
    RuntimeConfig settings = table.sparkSession().conf();
    Map<String, String> own = new LinkedHashMap<>();
    ROWS_AT_ONCE.forEach(name -> own.put(name, settings.get(name)));
    try {
      ROWS_AT_ONCE.forEach(name -> settings.set(name, FEW));
      return table.javaRDD();
    } finally {
      own.forEach(settings::set);
    }
  }

  /**
   * A column of a table; a dot in its name leads into a struct.
   *
   * @param option the option that named it, for the error message
   * @throws InputException if there is none
   */
  public static Column column(Dataset<Row> table, String option, String name) {
    try {
      Column column = table.col(name);
      table.select(column).schema();
      return column;
      // Spark throws a checked exception that its method does not declare.
    } catch (Exception e) {
      throw new InputException(
          option
              + " "
              + Places.shown(name)
              + " is not in the table: its columns are "
              + Places.shown(String.join(", ", table.columns())),
          e);
    }
  }

  /** The type of a column, as Spark names it. */
  public static String type(Dataset<Row> table, Column column) {
    return table.select(column).schema().fields()[0].dataType().catalogString();
  }

  /**
   * Refuses a place that Spark cannot read.
   *
   * @throws IllegalStateException if the cluster took away what read it: then nobody knows
   */
  static InputException unreadable(String data, String format, Throwable e) {
    if (TaskFailures.lossLine(e).isPresent()) {
      throw new IllegalStateException(e);
    }
    Throwable root = Causes.root(e);
    boolean absent =
        root instanceof ClassNotFoundException
            || String.valueOf(root.getMessage()).contains("Failed to find data source");
    if (absent || root instanceof LinkageError) {
      return new InputException(
          String.format(
              Locale.ROOT,
              "--data %s cannot be read as %s (%s): %s",
              Places.shown(data),
              Places.shown(format),
              absent
                  ? "this Spark has no format of that name"
                  : "its library is for another version of Spark, " + Places.reason(root),
              absent
                  ? "check the name, or give Spark the format's library with the submit option"
                      + " --packages"
                  : "name one for Spark " + package$.MODULE$.SPARK_VERSION() + " with --packages"),
          e);
    }
    return new InputException(
        "--data "
            + Places.shown(data)
            + " cannot be read as "
            + Places.shown(format)
            + " ("
            + Places.reason(root)
            + "): check it, --data-format and your access to it",
        e);
  }
}
