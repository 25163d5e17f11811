package io.involution.spark.examples;

import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.spark.TaskFailures;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the commands that read a table ask of it, and what they say of one that does not fit. */
public final class Tables {
  /** The types of whole numbers, as Spark names them. */
  public static final SortedSet<String> WHOLE =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(Set.of("tinyint", "smallint", "int", "bigint")));

  private Tables() {}

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
  public static InputException unreadable(String data, String format, Exception e) {
    if (TaskFailures.lossLine(e).isPresent()) {
      throw new IllegalStateException(e);
    }
    return new InputException(
        "--data "
            + Places.shown(data)
            + " cannot be read as "
            + Places.shown(format)
            + " ("
            + Places.reason(Causes.root(e))
            + "): check it, --data-format and your access to it",
        e);
  }
}
