package io.involution.ml;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.DeviceChoice;
import io.involution.failure.InputException;
import io.involution.files.FolderFiles;
import io.involution.model.state.ModelState;
import io.involution.spark.round.Predictor;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A trained network as a model of Spark ML. */
public final class InvolutionClassificationModel extends Model<InvolutionClassificationModel>
    implements PredictionColumns<InvolutionClassificationModel>, MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String ZIP = "model.zip";
  private static final String LOSSES = "objectiveHistory";
  private static final String ACCURACIES = "validationHistory";

  private final String uid;
  private final ColumnParams columns;
  private final TrainedNetwork trained;
  private final History history;

  /**
   * What was measured while it was trained.
   *
   * @param losses mean cross-entropy of each epoch's examples, in nats
   * @param accuracies of each epoch on the held-out examples
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record History(double[] losses, double[] accuracies) implements Serializable {}

  /**
   * A trained network.
   *
   * @param uid the estimator's name
   * @param trained the network
   * @param history what was measured while it was trained
   */
  InvolutionClassificationModel(String uid, TrainedNetwork trained, History history) {
    this.uid = uid;
    this.columns = new ColumnParams(this);
    this.trained = trained;
    this.history = history;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public InvolutionClassificationModel self() {
    return this;
  }

  @Override
  public ColumnParams columns() {
    return columns;
  }

  /** Number of classes. */
  public int numClasses() {
    return trained.schema().classCount();
  }

  /** Mean cross-entropy of each epoch's training examples, in nats, while they were trained on. */
  public double[] objectiveHistory() {
    return history.losses().clone();
  }

  /**
   * Accuracy of each epoch on the held-out examples, by which the best epoch was chosen; empty
   * without {@code validation}.
   */
  public double[] validationHistory() {
    return history.accuracies().clone();
  }

  /** The network as a model.zip, for DL4J and the job's commands. */
  public byte[] modelZip() {
    return trained.zip();
  }

  @Override
  public InvolutionClassificationModel copy(ParamMap extra) {
    InvolutionClassificationModel copy = new InvolutionClassificationModel(uid, trained, history);
    return copyValues(copy, extra).setParent(parent());
  }

  /**
   * Adds the columns of the predictions.
   *
   * @throws IllegalArgumentException naming the column that is missing or of another type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    images(schema);
    columns.skipsInvalid(this);
    columns.requireThresholds(this, numClasses());
    return columns.withPredictions(this, schema);
  }

  /**
   * Classifies the images, when the result is used. A row whose image cannot be read fails the job
   * and is named, or is left out, as {@code handleInvalid} says.
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    ImageColumn images = images(rows.schema());
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    // Spark frees it with the data set.
    Broadcast<ModelState> state = context.broadcast(trained.state());
    Predictor predictor = new Predictor(trained.blueprint(), DeviceChoice.AUTO, state);
    Classification classification =
        new Classification(
            predictor, images, rows.schema().fieldIndex(images.name()), trained.schema(), shown());
    return rows.mapPartitions(classification, Encoders.row(schema));
  }

  private ImageColumn images(StructType schema) {
    return ImageColumn.of(
        getOrDefault(columns.features),
        columns.type(this, schema),
        Optional.of(trained.schema().image()));
  }

  private Classification.Shown shown() {
    return new Classification.Shown(
        !getOrDefault(columns.rawPrediction).isEmpty(),
        !getOrDefault(columns.probability).isEmpty(),
        !getOrDefault(columns.prediction).isEmpty(),
        columns.skipsInvalid(this),
        isSet(columns.thresholds) ? getThresholds() : null);
  }

  @Override
  public MLWriter write() {
    Map<String, Object> facts = Map.of(LOSSES, history.losses(), ACCURACIES, history.accuracies());
    return new StageWriter(this, facts, Optional.of(new StageWriter.File(ZIP, trained.zip())));
  }

  /** Reads models. */
  public static MLReader<InvolutionClassificationModel> read() {
    return new StageReader<>(
        InvolutionClassificationModel.class, InvolutionClassificationModel::of);
  }

  /** Reads a model from a folder. */
  public static InvolutionClassificationModel load(String folder) {
    return read().load(folder);
  }

  private static InvolutionClassificationModel of(FolderFiles folder, StageReader.Saved saved) {
    String name = folder.location() + "/" + ZIP;
    byte[] zip =
        folder
            .read(ZIP)
            .orElseThrow(() -> new InputException(name + " is missing: use another copy of it"));
    return new InvolutionClassificationModel(
        saved.uid(),
        TrainedNetwork.read(zip, name),
        new History(numbers(saved, LOSSES), numbers(saved, ACCURACIES)));
  }

  private static double[] numbers(StageReader.Saved saved, String fact) {
    JsonNode list = saved.facts().path(fact);
    double[] numbers = new double[list.size()];
    for (int epoch = 0; epoch < numbers.length; epoch++) {
      numbers[epoch] = list.path(epoch).asDouble();
    }
    return numbers;
  }
}
