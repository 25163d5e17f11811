package io.involution.spark.examples;

import io.involution.config.ExampleOptions;
import io.involution.data.Subset;
import io.involution.data.folder.FolderLayout;
import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.spark.TaskFailures;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table in any format that the cluster's Spark reads. */
public final class TableExamples {
  private TableExamples() {}

  /**
   * A table to open.
   *
   * @param format the format's name in Spark
   * @param train the training examples, or all
   * @param test the test examples; empty if they are a part of the others
   */
  public record Place(String format, String train, Optional<String> test) {}

  /**
   * Opens a table: the executors read and decode its images.
   *
   * @param options how examples are read
   * @param notices receives warnings
   * @throws InputException naming what is wrong and the fix
   */
  public static ClusterExamples open(
      JavaSparkContext context, Place place, ExampleOptions options, Consumer<String> notices) {
    context.setJobDescription("reading the table");
    try {
      return opened(context, place, options, notices);
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception | LinkageError e) {
      throw Causes.find(e, InputException.class)
          .or(() -> TaskFailures.inputLine(e).map(InputException::new))
          .orElseGet(() -> Tables.unreadable(place.train(), place.format(), e));
    }
  }

  private static ClusterExamples opened(
      JavaSparkContext context, Place place, ExampleOptions options, Consumer<String> notices) {
    TableColumns columns = new TableColumns(options);
    Map<Subset, Dataset<Row>> tables = new LinkedHashMap<>();
    tables.put(Subset.TRAIN, columns.of(load(place.format(), place.train())));
    place.test().ifPresent(test -> tables.put(Subset.TEST, columns.of(load(place.format(), test))));
    Labels labels = labels(tables.get(Subset.TRAIN));
    List<String> classes = labels.classes(columns.labelColumn());
    Optional.ofNullable(tables.get(Subset.TEST))
        .ifPresent(test -> labels(test).requireOf(labels, columns.labelColumn()));
    Reading reading =
        new Reading(
            columns,
            FolderExamples.reading(options),
            options.testFraction(),
            options.splitSeed(),
            context.broadcast(classes));
    JavaRDD<Example> examples =
        tables.entrySet().stream()
            .map(
                table -> {
                  Subset subset = table.getKey();
                  String shown =
                      Places.shown(
                          subset == Subset.TRAIN ? place.train() : place.test().orElseThrow());
                  return Tables.rows(table.getValue()).map(row -> reading.read(row, subset, shown));
                })
            .reduce(JavaRDD::union)
            .orElseThrow();
    return new OpenedExamples("table", place.train(), classes, options.unreadable(), notices)
        .of(examples);
  }

  private static Dataset<Row> load(String format, String place) {
    return Tables.load(SparkSession.builder().getOrCreate().read(), format, place);
  }

  private static Labels labels(Dataset<Row> table) {
    return table
        .select(table.columns()[1])
        .javaRDD()
        .map(row -> row.get(0))
        .mapPartitions(Labels::of)
        // Of an empty table there may be no partition, and then nothing to reduce.
        .treeAggregate(new Labels(), Labels::plus, Labels::plus);
  }

  /** What the executors do. */
  private record Reading(
      TableColumns columns,
      ImageReading images,
      double testFraction,
      long seed,
      Broadcast<List<String>> classes)
      implements Serializable {

    Example read(Row row, Subset subset, String place) {
      String name = columns.name(row, place);
      Object label = TableColumns.label(row);
      Optional<String> refusal = columns.refusal(row);
      if (refusal.isPresent()) {
        return Example.refused(name, refusal.get());
      }
      byte[] order = columns.order(row);
      Example.Image image;
      try {
        image = columns.image(row, name, images);
      } catch (InputException e) {
        return Example.unreadable(name, e.getMessage());
      }
      Example example = Example.of(subset, name, order, number(label), image);
      boolean test = ContentDigest.isTest(seed, example.key().content(), testFraction);
      return test ? example.in(Subset.TEST) : example;
    }

    private int number(Object label) {
      return label instanceof Number number
          ? number.intValue()
          : Collections.binarySearch(classes.value(), (String) label, FolderLayout::compare);
    }
  }
}
