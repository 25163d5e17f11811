package io.involution.ml;

import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a network that classifies images, by parameter averaging, as an estimator of Spark ML.
 *
 * <p>The order of the examples comes from their content, so that the result depends on the rows,
 * the params and {@code numWorkers}, and not on partitions or hosts. Labels are whole numbers from
 * 0; the number of classes is that of the label column's metadata, as StringIndexer writes them, or
 * else the largest label in the data decides it. With {@code validation}, the last examples of that
 * order are held out, and the model is that of the epoch that classifies them best.
 */
public final class InvolutionClassifier extends ClassifierTraining implements MLWritable {
  private static final long serialVersionUID = 1L;

  /** An estimator with a name of its own. */
  public InvolutionClassifier() {
    this(Identifiable.randomUID("involutionClassifier"));
  }

  /** An estimator of a name. */
  public InvolutionClassifier(String uid) {
    super(uid);
  }

  @Override
  public InvolutionClassifier self() {
    return this;
  }

  @Override
  public InvolutionClassifier copy(ParamMap extra) {
    return copyValues(new InvolutionClassifier(uid()), extra);
  }

  /**
   * Adds the columns of the predictions.
   *
   * @throws IllegalArgumentException naming the column that is missing or of another type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    columns().images(this, schema);
    columns().skipsInvalid(this);
    ColumnParams.requireLabels(schema, getLabelCol());
    columns().requireThresholds(this, 0);
    return columns().withPredictions(this, schema);
  }

  /**
   * Trains.
   *
   * @throws IllegalArgumentException naming the column, param or row that cannot be used
   */
  @Override
  public InvolutionClassificationModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    TrainOptions options = options();
    ImageColumn images = columns().images(this, dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    JavaRDD<LabeledImage> examples =
        rows.select(
                ColumnParams.named(rows, images.name()),
                ColumnParams.named(rows, getLabelCol()).cast(DataTypes.DoubleType))
            .javaRDD()
            .map(row -> LabeledImage.read(row, images));
    if (columns().skipsInvalid(this)) {
      examples = examples.filter(example -> example.fault() == null);
    }
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    String params = ParamOptions.given(this).toString();
    Fitting fitting =
        new Fitting(context, options, new FitCheckpoints.Place(getCheckpointFolder(), params));
    try {
      return copyValues(
              fitting.run(this, examples, ColumnParams.classes(dataset.schema(), getLabelCol())),
              ParamMap.empty())
          .setParent(this);
    } catch (InputException e) {
      throw ParamOptions.refused(e);
    }
  }

  /** The params as the options of a run, which check them. */
  TrainOptions options() {
    return ParamOptions.of(this);
  }

  @Override
  public MLWriter write() {
    return new StageWriter(this, Map.of(), Optional.empty());
  }

  /** Reads estimators. */
  public static MLReader<InvolutionClassifier> read() {
    return new StageReader<>(
        InvolutionClassifier.class, (folder, saved) -> new InvolutionClassifier(saved.uid()));
  }

  /** Reads an estimator from a folder. */
  public static InvolutionClassifier load(String folder) {
    return read().load(folder);
  }
}
