package io.involution.ml;

import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** An application that loads a saved pipeline and uses it. */
public final class LoadedPipeline {
  private LoadedPipeline() {}

  /**
   * Classifies.
   *
   * @param places the pipeline, a table of images, and where the predictions go
   */
  public static void main(String[] places) {
    SparkSession session = SparkSession.builder().getOrCreate();
    Dataset<Row> images = session.read().parquet(places[1]);
    PipelineModel.load(places[0])
        .transform(images)
        .select("id", "rawPrediction", "probability", "prediction")
        .write()
        .parquet(places[2]);
    session.stop();
  }
}
