package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.cluster.JobProcess;
import io.involution.metrics.Json;
import io.involution.site.LeNet;
import io.involution.soak.SoakJar;
import io.involution.spark.LocalSpark;
import io.involution.spark.examples.ImageFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
import org.apache.spark.sql.functions;
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
            .setParallelism(2)
            .fit(images);
    assertThat(chosen.avgMetrics()).hasSize(2);
    PipelineModel best = (PipelineModel) chosen.bestModel();
    List<Row> before = predictions(best.transform(images));
    Path saved = folder.resolve("pipeline");
    best.write().save(saved.toString());
    pipeline(classifier).write().save(folder.resolve("estimator").toString());

    images.write().parquet(folder.resolve("images").toString());

    loadElsewhere();

    Dataset<Row> after = session.read().parquet(folder.resolve("predictions").toString());
    assertThat(after.orderBy("id").collectAsList()).isEqualTo(before);
    Pipeline estimator = Pipeline.load(folder.resolve("estimator").toString());
    InvolutionClassifier again = (InvolutionClassifier) estimator.getStages()[1];
    assertThat(again.getMaxIter()).isEqualTo(2);
    assertThat(again.getImageShape()).isEqualTo(SHAPE);
    assertThat(again.getNetwork()).isEqualTo("involution");
  }

  /** In a JVM of its own, an application that gets the job jar with --jars. */
  private static void loadElsewhere() throws Exception {
    String jar = SoakJar.write(folder, LoadedPipeline.class).toString();
    String home;
    try (JobProcess script = JobProcess.start(folder, List.of("submit/spark-home"))) {
      assertThat(script.await()).as(script.err()).isZero();
      home = script.out().strip();
    }
    List<String> command = new ArrayList<>(List.of(home + "/bin/spark-submit", "--master"));
    command.addAll(List.of("local[2]", "--jars", System.getProperty("job.jar"), "--class"));
    command.addAll(List.of(LoadedPipeline.class.getName(), jar));
    for (String place : List.of("pipeline", "images", "predictions")) {
      command.add(folder.resolve(place).toString());
    }
    try (JobProcess application = JobProcess.start(folder, command)) {
      assertThat(application.await()).as(application.err()).isZero();
    }
  }

  /** Every epoch is kept: a fit that died after its best one goes on, and one that ended ends. */
  @Test
  void aFitIsValidatedEndsEarlyAndGoesOnFromItsCheckpoints() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    InvolutionClassifier classifier =
        classifier()
            .setNetwork("class:" + LeNet.class.getName())
            .setMaxIter(6)
            .setValidation(12)
            .setPatience(1);
    Dataset<Row> images = images(48, 2);
    InvolutionClassificationModel plain = model(classifier, images);
    InvolutionClassificationModel kept =
        model(classifier.setCheckpointFolder(checkpoints.toString()), images);

    double[] accuracies = plain.validationHistory();
    assertThat(accuracies).hasSameSizeAs(plain.objectiveHistory()).hasSizeBetween(2, 6);
    assertThat(kept.validationHistory()).containsExactly(accuracies);
    assertThat(kept.modelZip()).isEqualTo(plain.modelZip());
    Path facts;
    try (Stream<Path> fits = Files.list(checkpoints)) {
      facts = fits.findFirst().orElseThrow().resolve("fit.json");
    }
    int best = accuracies.length - 1;
    truncate(facts, best);
    assertThat(model(classifier, images).modelZip()).isEqualTo(plain.modelZip());
    assertThat(model(classifier, images).objectiveHistory())
        .containsExactly(plain.objectiveHistory());
    assertThat(plain.getHandleInvalid()).isEqualTo("error");
  }

  private static void truncate(Path facts, int epochs) throws Exception {
    ObjectNode tree = (ObjectNode) Json.tree(Files.readAllBytes(facts));
    for (String list : List.of("losses", "accuracies")) {
      ArrayNode numbers = (ArrayNode) tree.get(list);
      while (numbers.size() > epochs) {
        numbers.remove(numbers.size() - 1);
      }
    }
    Files.writeString(facts, tree.toString());
  }

  private static InvolutionClassificationModel model(
      InvolutionClassifier classifier, Dataset<Row> images) {
    return (InvolutionClassificationModel) pipeline(classifier).fit(images).stages()[1];
  }

  @Test
  void rowsThatCannotBeUsedAreLeftOutIfTheUserSaysSo() {
    Dataset<Row> good =
        images(24, 2).withColumn("the.index", functions.expr("cast(id % 2 as double)"));
    Dataset<Row> wrong =
        good.limit(3)
            .withColumn("features", functions.lit(null).cast(SQLDataTypes.VectorType()))
            .withColumn("id", functions.expr("id + 100"));
    Dataset<Row> all = good.union(wrong);
    InvolutionClassifier classifier = classifier().setMaxIter(1).setLabelCol("the.index");
    assertThatThrownBy(() -> classifier.fit(all)).hasMessageStartingWith("3 of 27 rows cannot be");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setHandleInvalid("keep").fit(all))
        .hasMessage("handleInvalid is 'keep': use error or skip");

    InvolutionClassificationModel skipping = classifier.setHandleInvalid("skip").fit(all);

    assertThat(skipping.modelZip()).isEqualTo(classifier.fit(good).modelZip());
    assertThat(skipping.transform(all).count()).isEqualTo(24);
    assertThatThrownBy(() -> skipping.setHandleInvalid("error").transform(all).count())
        .hasStackTraceContaining("has a row without an image");
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
    model.setThresholds(new double[] {1, 0});
    assertThat(predictions(one.transform(images(40, 2))))
        .allMatch(row -> row.<Double>getAs("prediction") == 1);
    assertThatThrownBy(
            () ->
                model
                    .copy(ParamMap.empty())
                    .setThresholds(new double[3])
                    .transformSchema(images(8, 1).schema()))
        .hasMessage("thresholds has 3 numbers for 2 classes");
  }

  /** As in a fold of a CrossValidator that has none of a rare class. */
  @Test
  void theClassesOfTheLabelsMetadataCountEvenWithoutRowsOfThem() {
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("name")
            .setOutputCol("index")
            .fit(images(24, 1))
            .transform(images(24, 1));

    InvolutionClassificationModel model =
        classifier().setMaxIter(1).fit(indexed.where("index = 0"));

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
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setNetwork("mine").fit(images))
        .hasMessageStartingWith("network is 'mine': use one of convolution, involution");
    assertThatThrownBy(
            () -> classifier.copy(ParamMap.empty()).setThresholds(new double[] {0, 0}).fit(images))
        .hasMessageStartingWith("thresholds is [0.0, 0.0]: use numbers of 0 or more");
    assertThatThrownBy(() -> classifier.fit(images.limit(0)))
        .as("a table without partitions")
        .hasMessage("there is no row to train on");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setPatience(1).fit(images))
        .hasMessageStartingWith("patience");
    assertThatThrownBy(() -> classifier.copy(ParamMap.empty()).setNetwork("both").fit(images))
        .hasMessage("network names more than one network: name one");
  }

  /** By a task, by the first epoch's checkpoint, by the transformation, or by nobody. */
  @Test
  void whatWouldBeFoundLateIsRefusedBeforeTheTraining() throws Exception {
    Dataset<Row> images = images(8, 1).withColumn("index", functions.expr("id % 2"));
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> classifier().setCheckpointFolder(file + "/below").fit(images))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpointFolder " + file + "/below cannot be written (")
        .hasMessageEndingWith("): name a folder that you can write to");
    assertThatThrownBy(() -> classifier().setThresholds(new double[] {1, 1, 1}).fit(images))
        .hasMessage("thresholds has 3 numbers for 2 classes");
    Dataset<Row> alike = images.withColumn("index", functions.lit(0));
    assertThatThrownBy(() -> classifier().fit(alike))
        .hasMessage("column index has no label but 0: there must be at least two classes");
    byte[] png = ImageFiles.png(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    Dataset<Row> large =
        images(128, 1)
            .withColumn("index", functions.expr("id % 2"))
            .withColumn("features", functions.lit(png));
    InvolutionClassifier resnet =
        classifier().setNetwork("resnet").setImageShape(new int[] {3, 256, 256});
    assertThatThrownBy(() -> resnet.setBatchSize(128).setNumWorkers(1).fit(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the resnet network takes at most 127 images of 256x256 at a time on the CPU, not 128:"
                + " use a smaller batchSize, or more numWorkers");
  }

  /** As of Spark's own stages: another version may have other ones. */
  @Test
  void theDefaultsAreThoseOfTheVersionThatSavedTheStage() throws Exception {
    Path saved = folder.resolve("defaults");
    new InvolutionClassifier().write().save(saved.toString());
    Path metadata = saved.resolve("metadata/part-00000");
    String facts = Files.readString(metadata);

    Files.writeString(metadata, facts.replaceFirst("\"maxIter\":\\d+", "\"maxIter\":7"));
    assertThat(InvolutionClassifier.load(saved.toString()).getMaxIter()).isEqualTo(7);

    Files.writeString(metadata, facts.replaceFirst("\"maxIter\"", "\"wings\""));
    assertThatThrownBy(() -> InvolutionClassifier.load(saved.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part-00000 has the param wings, which this version lacks: load it");
  }

  @Test
  void aDamagedModelIsRefusedInOneLine() throws Exception {
    Path saved = folder.resolve("damaged");
    Files.createDirectories(saved.resolve("metadata"));
    String type = InvolutionClassificationModel.class.getName();
    Files.writeString(saved.resolve("metadata/part-00000"), "{\"class\":\"" + type + "\"}");
    for (String fault : List.of(" is missing: use another", " is not a model file: use a model")) {
      assertThatThrownBy(() -> InvolutionClassificationModel.load(saved.toString()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("model.zip" + fault);
      Files.writeString(saved.resolve("model.zip"), "no zip");
    }
  }
}
