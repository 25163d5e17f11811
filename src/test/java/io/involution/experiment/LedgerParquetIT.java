package io.involution.experiment;

import static io.involution.experiment.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.involution.metrics.Json;
import io.involution.metrics.ModelResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerParquetIT {
  @TempDir private Path out;

  /** What a result has in JSON, but for the list of its classes. */
  private static List<String> numbersAndWords() {
    return Json.MAPPER
        .getSerializationConfig()
        .introspect(Json.MAPPER.constructType(ModelResult.class))
        .findProperties()
        .stream()
        .map(BeanPropertyDefinition::getName)
        .filter(name -> !name.equals("classes"))
        .toList();
  }

  @Test
  void parquetHoldsARowACellAsTheLedgerDoes() throws Exception {
    List<LedgerRow> rows =
        List.of(
            done("a", 2, "epoch", 1, 0.4),
            LedgerFixture.row("b", CellState.PENDING, Map.of("workers", 4, "config", "deep")),
            done("involution-wide", "c", 2, "16", 7, 0.8));
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", out.resolve("warehouse").toString())
            .getOrCreate()) {
      ExperimentFolder folder =
          ExperimentFolder.at(out.resolve("x").toString(), new Configuration());
      LedgerParquet.write(folder, rows.subList(0, 1));
      LedgerParquet.write(folder, rows);

      List<Row> read =
          spark
              .read()
              .parquet(out.resolve("x/ledger.parquet").toString())
              .selectExpr(
                  "cell",
                  "state",
                  "attempts",
                  "seconds",
                  "settings.workers",
                  "settings.averaging_period",
                  "settings.config",
                  "results.involution.test_accuracy",
                  "results.`involution-wide`.test_accuracy",
                  "provenance['dataset']",
                  "cast(started as long)")
              .orderBy("cell")
              .collectAsList();
      assertThat(read.get(0).mkString(" "))
          .isEqualTo("a done 1 60.5 2 epoch null 0.4 null synthetic 1772330400");
      assertThat(read.get(1).mkString(" "))
          .isEqualTo("b pending 1 null 4 null deep null null synthetic 1772330400");
      assertThat(read.get(2).mkString(" "))
          .isEqualTo("c done 1 60.5 2 16 null null 0.8 synthetic 1772330400");
      assertThat(read).hasSize(3);
      String[] results =
          spark
              .read()
              .parquet(out.resolve("x/ledger.parquet").toString())
              .select("results.involution.*")
              .columns();
      assertThat(results).containsExactlyElementsOf(numbersAndWords());
      try (Stream<Path> files = Files.list(out.resolve("x"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactly("ledger.parquet");
      }
    }
  }
}
