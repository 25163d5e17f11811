package io.involution.ml;

import io.involution.data.ImageShape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that estimator and model share. */
final class ColumnParams implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String ERROR = "error";
  private static final String SKIP = "skip";

  final Param<String> features;
  final Param<String> prediction;
  final Param<String> probability;
  final Param<String> rawPrediction;
  final IntArrayParam imageShape;
  final Param<String> handleInvalid;
  final DoubleArrayParam thresholds;

  /** The params of a stage, with their defaults. */
  ColumnParams(Params stage) {
    features =
        new Param<>(
            stage,
            "featuresCol",
            "column of the images: of Spark's image data source, encoded files (PNG, JPEG), or a"
                + " vector or array of pixels from 0 to 255, channel by channel, row by row");
    prediction = new Param<>(stage, "predictionCol", "column of the predicted class, a double");
    probability =
        new Param<>(stage, "probabilityCol", "column of the classes' probabilities, a vector");
    rawPrediction =
        new Param<>(stage, "rawPredictionCol", "column of the probabilities' logarithms, a vector");
    imageShape =
        new IntArrayParam(
            stage,
            "imageShape",
            "channels, height and width: vectors and arrays need it, encoded files are scaled to"
                + " it; otherwise that of the images");
    handleInvalid =
        new Param<>(
            stage,
            "handleInvalid",
            "what is done with rows whose image or label cannot be used: error or skip");
    thresholds =
        new DoubleArrayParam(
            stage,
            "thresholds",
            "a number for each class: the class with the largest probability / threshold is"
                + " predicted; none below 0, and at most one of 0");
    stage.setDefault(features, "features");
    stage.setDefault(handleInvalid, ERROR);
    stage.setDefault(prediction, "prediction");
    stage.setDefault(probability, "probability");
    stage.setDefault(rawPrediction, "rawPrediction");
  }

  /**
   * How the images are stored.
   *
   * @throws IllegalArgumentException naming what is wrong with the column
   */
  ImageColumn images(Params stage, StructType schema) {
    return ImageColumn.of(stage.getOrDefault(features), type(stage, schema), shape(stage));
  }

  /**
   * The type of the column of images.
   *
   * @throws IllegalArgumentException if there is none
   */
  DataType type(Params stage, StructType schema) {
    return column(schema, stage.getOrDefault(features), "featuresCol").dataType();
  }

  /**
   * Whether rows that cannot be used are left out.
   *
   * @throws IllegalArgumentException if the param says something else
   */
  boolean skipsInvalid(Params stage) {
    String word = stage.getOrDefault(handleInvalid);
    if (!List.of(ERROR, SKIP).contains(word)) {
      throw new IllegalArgumentException("handleInvalid is '" + word + "': use error or skip");
    }
    return word.equals(SKIP);
  }

  /**
   * Checks the thresholds, if there are any.
   *
   * @param classes number of classes; 0 if nobody knows it yet
   * @throws IllegalArgumentException if there is not one for each class, or one cannot be used
   */
  void requireThresholds(Params stage, int classes) {
    if (!stage.isSet(thresholds)) {
      return;
    }
    double[] numbers = stage.getOrDefault(thresholds);
    if (classes > 0 && numbers.length != classes) {
      throw new IllegalArgumentException(
          "thresholds has " + numbers.length + " numbers for " + classes + " classes");
    }
    if (Arrays.stream(numbers).anyMatch(number -> !(number >= 0 && Double.isFinite(number)))
        || Arrays.stream(numbers).filter(number -> number == 0).count() > 1) {
      throw new IllegalArgumentException(
          "thresholds is "
              + Arrays.toString(numbers)
              + ": use numbers of 0 or more, of which at most one is 0");
    }
  }

  /** The shape that is asked for, if one is. */
  Optional<ImageShape> shape(Params stage) {
    if (!stage.isSet(imageShape)) {
      return Optional.empty();
    }
    int[] shape = stage.getOrDefault(imageShape);
    if (shape.length != 3) {
      throw new IllegalArgumentException(
          "imageShape has " + shape.length + " numbers: use channels, height and width");
    }
    return Optional.of(new ImageShape(shape[0], shape[1], shape[2]));
  }

  /**
   * The schema with the columns of the predictions.
   *
   * @throws IllegalArgumentException if a column is there already
   */
  StructType withPredictions(Params stage, StructType schema) {
    StructType result = schema;
    for (Param<String> vector : List.of(rawPrediction, probability)) {
      String name = fresh(stage, vector, result);
      result = name.isEmpty() ? result : result.add(name, SQLDataTypes.VectorType(), false);
    }
    String name = fresh(stage, prediction, result);
    return name.isEmpty() ? result : result.add(name, DataTypes.DoubleType, false);
  }

  private static String fresh(Params stage, Param<String> param, StructType schema) {
    String name = stage.getOrDefault(param);
    if (!name.isEmpty() && List.of(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "column " + name + " is there already: choose another " + param.name());
    }
    return name;
  }

  /**
   * Makes sure that there is a column of labels.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  static void requireLabels(StructType schema, String name) {
    StructField field = column(schema, name, "labelCol");
    if (!(field.dataType() instanceof NumericType)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column %s is of type %s, and labels are numbers from 0: use StringIndexer",
              name,
              field.dataType().simpleString()));
    }
  }

  /** Number of classes by the metadata of the column of labels; 0 if they do not say it. */
  static int classes(StructType schema, String labels) {
    return Attribute.fromStructField(schema.apply(labels)) instanceof NominalAttribute nominal
            && nominal.getNumValues().isDefined()
        ? (int) nominal.getNumValues().get()
        : 0;
  }

  /** A column of rows: a dot in its name does not lead into a struct. */
  static Column named(Dataset<Row> rows, String name) {
    return rows.col("`" + name.replace("`", "``") + "`");
  }

  private static StructField column(StructType schema, String name, String param) {
    if (!List.of(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there is no column %s (columns %s): set %s",
              name,
              String.join(", ", schema.fieldNames()),
              param));
    }
    return schema.apply(name);
  }
}
