package io.involution.experiment;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.config.value.EpochCount;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.model.network.NetworkKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger as one Parquet file, written by Spark SQL. */
public final class LedgerParquet {
  /** The file's name. */
  public static final String FILE = "ledger.parquet";

  private static final String RESULT =
      """
      struct<test_accuracy double, test_loss double, train_accuracy double, train_loss double,
        parameters struct<trainable int, non_trainable int>, parameters_sha256 string,
        examples_per_second double, seconds double, epochs int, best_epoch int,
        validation_accuracy double, best_epoch_test_accuracy double, ended string,
        test_top5_accuracy double, plain_test_accuracy double, plain_test_loss double>\
      """;

  private static final Logger LOG = LoggerFactory.getLogger(LedgerParquet.class);

  private LedgerParquet() {}

  /** Explicit, so that the columns do not depend on which cells there are. */
  private static String schema(List<LedgerRow> rows) {
    return String.format(
        Locale.ROOT,
        """
        experiment string, tags array<string>, cell string, state string, attempts int,
        started timestamp, ended timestamp, seconds double, error string, run string,
        settings struct<%s>,
        provenance map<string, string>,
        results struct<%s>\
        """,
        settings(),
        results(rows));
  }

  /** One column per network of this job, whether or not this experiment trains it, and others. */
  private static String results(List<LedgerRow> rows) {
    return Stream.concat(
            Arrays.stream(NetworkKind.values()).map(NetworkKind::label),
            rows.stream()
                .filter(row -> row.results() != null)
                .flatMap(row -> row.results().keySet().stream())
                .sorted())
        .distinct()
        .map(network -> "`" + network + "` " + RESULT)
        .collect(Collectors.joining(", "));
  }

  /**
   * Writes the rows; a concurrent reader finds either the old file or the new one.
   *
   * @throws RunFailedException when what an executor wrote is not in the folder
   */
  public static void write(ExperimentFolder folder, List<LedgerRow> rows) {
    // Uses the existing context.
    SparkSession spark = SparkSession.builder().getOrCreate();
    List<String> lines = new String(Ledger.bytes(rows), StandardCharsets.UTF_8).lines().toList();
    Dataset<Row> table =
        spark
            .read()
            .schema(schema(rows))
            .json(spark.createDataset(lines, Encoders.STRING()))
            .coalesce(1);
    String parts = ".parquet-" + UUID.randomUUID();
    try {
      // One file, whatever the cluster's own limit is.
      table
          .write()
          .mode(SaveMode.ErrorIfExists)
          .option("maxRecordsPerFile", 0)
          .parquet(folder.uri(parts));
      String part =
          folder.files().list(parts).stream()
              .filter(name -> name.startsWith("part-") && name.endsWith(".parquet"))
              .findFirst()
              .orElseThrow(() -> new RunFailedException("executors cannot write to the folder"));
      folder.replace(FILE, folder.files().read(parts + "/" + part).orElseThrow());
    } finally {
      clear(folder, parts);
    }
  }

  /** What has been written, or has failed, does not depend on what is left behind. */
  private static void clear(ExperimentFolder folder, String parts) {
    try {
      folder.files().delete(parts);
    } catch (RunFailedException e) {
      LOG.warn("warning: {}, then delete the folder", Places.oneLine(e.getMessage()));
    }
  }

  private static String settings() {
    return TrainConfig.OPTIONS.stream()
        .filter(DeclaredOption::decidesResult)
        .map(option -> option.key() + " " + type(option.type()))
        .collect(Collectors.joining(", ", "", ", " + CellOptions.RECIPE + " string"));
  }

  private static String type(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "int";
    } else if (type == long.class) {
      return "bigint";
    } else if (type == double.class || type == Double.class || type == EpochCount.class) {
      return "double";
    }
    return type == boolean.class ? "boolean" : "string";
  }
}
