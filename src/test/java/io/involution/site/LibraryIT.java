package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.api.TrainingJob;
import io.involution.api.TrainingResult;
import io.involution.failure.InputException;
import io.involution.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the library page run. */
class LibraryIT {
  @TempDir private Path folder;

  @Test
  void theExamplesRunInAProgramsOwnSpark() throws IOException {
    String out = folder.resolve("run").toString();
    try (SparkSession session =
        SparkSession.builder().config(LocalSpark.conf("library", 2)).getOrCreate()) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());

      double accuracy = TrainFromCode.train(context, out);

      TrainingResult read = TrainingResult.read(out, context.hadoopConfiguration());
      assertThat(read.testAccuracies()).containsOnlyKeys("involution").containsValue(accuracy);
      assertThat(read.network("involution").history()).hasSize(2);
      assertThat(read.network("involution").parametersSha256()).hasSize(64);
      refusesWhatTheCommandRefuses(session, out);
      goesOnWithTheRun(session, out, read);
      assertThat(ClassifyWithSparkMl.choose(session.createDataFrame(rows(), schema()), shape()))
          .satisfies(chosen -> assertThat(chosen.avgMetrics()).hasSize(2));
    }
  }

  private static void refusesWhatTheCommandRefuses(SparkSession session, String out) {
    assertThatThrownBy(() -> TrainingJob.on(session).out(out).data("synthetic").run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("already holds a run");
    assertThatThrownBy(() -> TrainingJob.on(session).option("epoch", 2).run())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("there is no option epoch:");
  }

  private static void goesOnWithTheRun(SparkSession session, String out, TrainingResult before) {
    TrainingResult after =
        TrainingJob.on(session)
            .network("involution")
            .data("synthetic")
            .option("train-limit", 256)
            .option("test-limit", 64)
            .option("epochs", 3)
            .out(out)
            .resume()
            .run();

    assertThat(after.network("involution").history().subList(0, 2))
        .isEqualTo(before.network("involution").history());
    assertThat(after.network("involution").last().epoch()).isEqualTo(3);
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      double[] pixels = new double[256];
      Arrays.fill(pixels, i % 2 == 0 ? 10 + i : 200 + i);
      rows.add(RowFactory.create(Vectors.dense(pixels), i % 2));
    }
    return rows;
  }

  private static StructType schema() {
    return new StructType()
        .add("features", SQLDataTypes.VectorType())
        .add("label", DataTypes.IntegerType);
  }

  private static int[] shape() {
    return new int[] {1, 16, 16};
  }
}
