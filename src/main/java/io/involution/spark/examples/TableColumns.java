package io.involution.spark.examples;

import io.involution.config.ExampleOptions;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The columns of a table that make an example. */
final class TableColumns implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int IMAGE = 0;
  private static final int LABEL = 1;
  private static final int HEIGHT = 2;

  private final List<String> names;
  private final boolean raw;
  private final boolean ordered;

  TableColumns(ExampleOptions options) {
    names = new ArrayList<>(List.of(options.imageColumn(), options.labelColumn()));
    options
        .sizeColumns()
        .ifPresent(
            columns ->
                Arrays.stream(columns.split(",", -1)).map(String::strip).forEach(names::add));
    options.orderBy().ifPresent(names::add);
    raw = options.sizeColumns().isPresent();
    ordered = options.orderBy().isPresent();
  }

  /**
   * The columns of a table, image and label first.
   *
   * @throws InputException naming the option of one that is missing or has a wrong type
   */
  Dataset<Row> of(Dataset<Row> table) {
    Column[] columns = new Column[names.size()];
    for (int i = 0; i < columns.length; i++) {
      String option = option(i);
      columns[i] = Tables.column(table, option, names.get(i));
      String type = Tables.type(table, columns[i]);
      boolean fits =
          switch (option) {
            case "--image-column" -> type.equals("binary");
            case "--size-columns" -> Tables.WHOLE.contains(type);
            default -> Tables.WHOLE.contains(type) || type.equals("string");
          };
      if (!fits) {
        throw new InputException(
            option
                + " "
                + Places.shown(names.get(i))
                + " is of type "
                + type
                + ": name a column of "
                + (i == IMAGE
                    ? "type binary"
                    : option.equals("--size-columns")
                        ? "whole numbers"
                        : "whole numbers or texts"));
      }
      // Two columns may have one name, and a dot in a name would lead into a struct again.
      columns[i] = columns[i].alias("c" + i);
    }
    return table.select(columns);
  }

  private String option(int column) {
    return switch (column) {
      case IMAGE -> "--image-column";
      case LABEL -> "--label-column";
      default -> ordered && column == names.size() - 1 ? "--order-by" : "--size-columns";
    };
  }

  /** The label in a row; null if there is none. */
  static Object label(Row row) {
    return row.get(LABEL);
  }

  /** The name of the column of labels. */
  String labelColumn() {
    return names.get(LABEL);
  }

  /**
   * The image in a row.
   *
   * @throws InputException if it cannot be read
   */
  Example.Image image(Row row, String name, ImageReading reading) {
    if (row.isNullAt(IMAGE)) {
      throw new InputException(name + " is empty");
    }
    byte[] bytes = row.getAs(IMAGE);
    if (!raw) {
      return reading.file(bytes, name);
    }
    if (row.isNullAt(HEIGHT) || row.isNullAt(HEIGHT + 1)) {
      throw new InputException(name + " has no height or width");
    }
    Number height = row.getAs(HEIGHT);
    Number width = row.getAs(HEIGHT + 1);
    return reading.raw(bytes, height.longValue(), width.longValue(), name);
  }

  /** Why a row ends the reading of the table; empty if it does not. */
  Optional<String> refusal(Row row) {
    return ordered && row.isNullAt(names.size() - 1)
        ? Optional.of(
            "--order-by "
                + Places.shown(names.get(names.size() - 1))
                + " is empty in some rows: fill it in, or leave it out")
        : Optional.empty();
  }

  /** What the data says about the place of a row, to compare as unsigned bytes. */
  byte[] order(Row row) {
    if (!ordered) {
      return new byte[0];
    }
    return row.get(names.size() - 1) instanceof Number number
        ? ByteBuffer.allocate(Long.BYTES).putLong(number.longValue() ^ Long.MIN_VALUE).array()
        : String.valueOf(row.get(names.size() - 1)).getBytes(StandardCharsets.UTF_8);
  }

  /** What people call a row's image. */
  String name(Row row, String place) {
    String where =
        ordered
            ? names.get(names.size() - 1) + " " + row.get(names.size() - 1)
            : "label " + row.get(LABEL);
    return "an image of " + place + " (" + Places.shown(where) + ")";
  }
}
