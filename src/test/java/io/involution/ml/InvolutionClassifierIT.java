package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvolutionClassifierIT {
  private static final int[] SHAPE = {1, 16, 16};

  @TempDir private static Path folder;
  private static SparkSession session;

  @BeforeAll
  static void start() {
    session =
        SparkSession.builder()
            .config(LocalSpark.conf("ml", 2))
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  /** Dark and bright images, with noise. */
  private static Dataset<Row> images(int count, int partitions) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] pixels = new double[256];
      for (int at = 0; at < pixels.length; at++) {
        pixels[at] = (i % 2 == 0 ? 20 : 160) + random.nextInt(60);
      }
      rows.add(RowFactory.create(i, i % 2 == 0 ? "dark" : "bright", Vectors.dense(pixels)));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("name", DataTypes.StringType)
            .add("features", SQLDataTypes.VectorType());
    return session.createDataFrame(rows, schema).repartition(partitions);
  }

  private static InvolutionClassifier classifier() {
    return new InvolutionClassifier()
        .setNetwork("involution")
        .setImageShape(SHAPE)
        .setLabelCol("index")
        .setMaxIter(2)
        .setBatchSize(8)
        .setNumWorkers(2);
  }

  private static Pipeline pipeline(InvolutionClassifier classifier) {
    StringIndexer indexer = new StringIndexer().setInputCol("name").setOutputCol("index");
    return new Pipeline().setStages(new PipelineStage[] {indexer, classifier});
  }

  private static List<Row> predictions(Dataset<Row> predicted) {
    return predicted
        .select("id", "rawPrediction", "probability", "prediction")
        .orderBy("id")
        .collectAsList();
  }

  @Test
  void aCrossValidatorChoosesTheLearningRateAndItsModelLoadsInANewApplication() throws Exception {
    Dataset<Row> images = images(48, 3);
    InvolutionClassifier classifier = classifier();
    ParamMap[] rates =
        new ParamGridBuilder()
            .addGrid(classifier.learningRate(), new double[] {1e-9, 0.01})
            .build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(pipeline(classifier))
            .setEstimatorParamMaps(rates)
            .setEvaluator(new MulticlassClassificationEvaluator().setLabelCol("index"))
            .setNumFolds(2)
            .setSeed(3)
            .fit(images);
    assertThat(chosen.avgMetrics()).hasSize(2);
    PipelineModel best = (PipelineModel) chosen.bestModel();
    List<Row> before = predictions(best.transform(images));
    Path saved = folder.resolve("pipeline");
    best.write().save(saved.toString());
    pipeline(classifier).write().save(folder.resolve("estimator").toString());

    stop();
    start();

    PipelineModel loaded = PipelineModel.load(saved.toString());
    assertThat(predictions(loaded.transform(images(48, 3)))).isEqualTo(before);
    Pipeline estimator = Pipeline.load(folder.resolve("estimator").toString());
    InvolutionClassifier again = (InvolutionClassifier) estimator.getStages()[1];
    assertThat(again.getMaxIter()).isEqualTo(2);
    assertThat(again.getImageShape()).isEqualTo(SHAPE);
    assertThat(again.getNetwork()).isEqualTo("involution");
  }

  @Test
  void theResultDependsOnTheRowsAndNotOnTheirPartitions() throws Exception {
    PipelineModel one = pipeline(classifier().setMaxIter(4)).fit(images(40, 1));
    PipelineModel three = pipeline(classifier().setMaxIter(4)).fit(images(40, 3));

    List<Row> predicted = predictions(one.transform(images(40, 2)));

    assertThat(predictions(three.transform(images(40, 2)))).isEqualTo(predicted);
    for (Row row : predicted) {
      Vector probability = row.getAs("probability");
      assertThat(probability.apply(0) + probability.apply(1)).isBetween(0.9999, 1.0001);
      assertThat(row.<Double>getAs("prediction")).isEqualTo(probability.argmax());
      assertThat(row.<Vector>getAs("rawPrediction").argmax()).isEqualTo(probability.argmax());
    }
    InvolutionClassificationModel model = (InvolutionClassificationModel) one.stages()[1];
    assertThat(model.objectiveHistory()).hasSize(4);
    assertThat(model.numClasses()).isEqualTo(2);
  }

  @Test
  void whatCannotBeTrainedOnIsRefusedInOneLine() {
    Dataset<Row> images = images(8, 1);
    StructType schema = images.schema();
    InvolutionClassifier classifier = classifier().setLabelCol("id");
    assertThatThrownBy(() -> classifier().transformSchema(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no column index (columns id, name, features): set labelCol");
    assertThatThrownBy(() -> classifier().setLabelCol("name").transformSchema(schema))
        .hasMessageContaining("column name is of type string, and labels are numbers from 0");
    assertThatThrownBy(() -> classifier().setFeaturesCol("id").transformSchema(schema))
        .hasMessageStartingWith("column id is of type int, and images are binary");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setPredictionCol("id").fit(images))
        .hasMessage("column id is there already: choose another predictionCol");
    assertThatThrownBy(() -> new InvolutionClassifier().setLabelCol("id").transformSchema(schema))
        .hasMessageContaining("set imageShape");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setLearningRate(-1).fit(images))
        .hasMessageStartingWith("learningRate is -1");
    assertThatThrownBy(
            () -> classifier.copy(ParamMap.empty()).setImageShape(new int[] {1, 8, 8}).fit(images))
        .hasMessageContaining("8 of 8 rows cannot be used")
        .hasMessageContaining("has 256 numbers, and imageShape 1 x 8 x 8 is 64");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setNetwork("resnet").fit(images))
        .hasMessageStartingWith("resnet is no network: use convolution, involution");
  }
}
