package io.involution.ml;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a network that classifies images, by parameter averaging, as an estimator of Spark ML.
 *
 * <p>The order of the examples comes from their content, so that the result depends on the rows,
 * the params and {@code numWorkers}, and not on partitions or hosts. Labels are whole numbers from
 * 0; the largest one in the data decides the number of classes.
 */
public final class InvolutionClassifier extends Estimator<InvolutionClassificationModel>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ColumnParams columns;
  private final Param<String> labelCol;
  private final Param<String> network;
  private final IntParam maxIter;
  private final IntParam batchSize;
  private final DoubleParam learningRate;
  private final LongParam seed;
  private final IntParam numWorkers;
  private final Param<String> averagingPeriod;
  private final Param<String> classWeights;
  private final Param<String> optimizer;
  private final Param<String> learningRateDecay;
  private final DoubleParam weightDecay;
  private final DoubleParam labelSmoothing;
  private final Param<String> augment;

  /** An estimator with a name of its own. */
  public InvolutionClassifier() {
    this(Identifiable.randomUID("involutionClassifier"));
  }

  /** An estimator of a name. */
  public InvolutionClassifier(String uid) {
    this.uid = uid;
    columns = new ColumnParams(this);
    labelCol = new Param<>(this, "labelCol", "column of the labels, whole numbers from 0");
    network =
        new Param<>(this, "network", "the network: convolution, involution or involution-wide");
    maxIter = new IntParam(this, "maxIter", "passes over the examples (epochs)");
    batchSize =
        new IntParam(this, "batchSize", "examples of a global minibatch, split over the workers");
    learningRate =
        new DoubleParam(this, "learningRate", "step size; by default the optimizer's usual one");
    seed = new LongParam(this, "seed", "seed of the weights and the minibatches");
    numWorkers = new IntParam(this, "numWorkers", "workers; 0 for one per task slot");
    averagingPeriod =
        new Param<>(this, "averagingPeriod", "local steps between two averages, or epoch");
    classWeights =
        new Param<>(this, "classWeights", "none, or balanced: rare classes count more in the loss");
    optimizer = new Param<>(this, "optimizer", "adam, nesterovs or muon");
    learningRateDecay =
        new Param<>(this, "learningRateDecay", "constant, cosine, linear or triangular");
    weightDecay = new DoubleParam(this, "weightDecay", "decoupled weight decay");
    labelSmoothing =
        new DoubleParam(this, "labelSmoothing", "share of a label that is spread over all classes");
    augment =
        new Param<>(
            this, "augment", "how images are changed at random: false, true, or a list of changes");
    TrainOptions defaults = TrainConfig.defaults();
    setDefault(labelCol, "label");
    setDefault(network, "convolution");
    setDefault(maxIter, defaults.epochs());
    setDefault(batchSize, defaults.batchSize());
    setDefault(seed, defaults.seed());
    setDefault(numWorkers, 0);
    setDefault(averagingPeriod, defaults.averaging().period().word());
    setDefault(classWeights, defaults.loss().classWeights().word());
    setDefault(optimizer, defaults.optimizer().choice().word());
    setDefault(learningRateDecay, defaults.learningRate().decay().word());
    setDefault(weightDecay, defaults.optimizer().weightDecay());
    setDefault(labelSmoothing, defaults.loss().labelSmoothing());
    setDefault(augment, defaults.augment().word());
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public InvolutionClassifier copy(ParamMap extra) {
    return copyValues(new InvolutionClassifier(uid), extra);
  }

  /**
   * Adds the columns of the predictions.
   *
   * @throws IllegalArgumentException naming the column that is missing or of another type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    columns.images(this, schema);
    ColumnParams.requireLabels(schema, getOrDefault(labelCol));
    return columns.withPredictions(this, schema);
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
    ImageColumn images = columns.images(this, dataset.schema());
    JavaRDD<LabeledImage> examples =
        dataset
            .toDF()
            .select(
                dataset.toDF().col(images.name()),
                dataset.toDF().col(getOrDefault(labelCol)).cast(DataTypes.DoubleType))
            .javaRDD()
            .map(row -> LabeledImage.read(row, images));
    List<EpochOutcome.TrainingSums> history = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    Journal journal =
        new Journal() {
          @Override
          public void epochEnded(EpochOutcome outcome) {
            history.add(outcome.training().orElseThrow());
            counts.add(outcome.examples());
          }
        };
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    TrainedNetwork trained =
        new Fitting(context, TrainedNetwork.kind(getOrDefault(network)), options)
            .run(examples, journal);
    double[] losses = new double[history.size()];
    for (int epoch = 0; epoch < losses.length; epoch++) {
      losses[epoch] = history.get(epoch).lossSum() / counts.get(epoch);
    }
    InvolutionClassificationModel model = new InvolutionClassificationModel(uid, trained, losses);
    return copyValues(model, ParamMap.empty()).setParent(this);
  }

  /** The params as the options of a run, which check them. */
  private TrainOptions options() {
    Map<String, Object> given = new HashMap<>();
    given.put("epochs", getOrDefault(maxIter));
    given.put("batch-size", getOrDefault(batchSize));
    if (isSet(learningRate)) {
      given.put("learning-rate", getOrDefault(learningRate));
    }
    given.put("seed", getOrDefault(seed));
    given.put("workers", getOrDefault(numWorkers));
    given.put("averaging-period", getOrDefault(averagingPeriod));
    given.put("class-weights", getOrDefault(classWeights));
    given.put("optimizer", getOrDefault(optimizer));
    given.put("learning-rate-decay", getOrDefault(learningRateDecay));
    given.put("weight-decay", getOrDefault(weightDecay));
    given.put("label-smoothing", getOrDefault(labelSmoothing));
    given.put("augment", getOrDefault(augment));
    try {
      return TrainConfig.load(given, Optional.empty());
    } catch (InputException e) {
      throw new IllegalArgumentException(asParam(e.getMessage()), e);
    }
  }

  private static String asParam(String message) {
    return message
        .replace("--epochs", "maxIter")
        .replace("--batch-size", "batchSize")
        .replace("--learning-rate-decay", "learningRateDecay")
        .replace("--learning-rate", "learningRate")
        .replace("--optimizer", "optimizer")
        .replace("--weight-decay", "weightDecay")
        .replace("--label-smoothing", "labelSmoothing")
        .replace("--workers", "numWorkers")
        .replace("--averaging-period", "averagingPeriod")
        .replace("--class-weights", "classWeights")
        .replace("--augment", "augment");
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

  /** The param of the column of the images. */
  public Param<String> featuresCol() {
    return columns.features;
  }

  /** The column of the images. */
  public String getFeaturesCol() {
    return getOrDefault(columns.features);
  }

  /** Sets the column of the images. */
  public InvolutionClassifier setFeaturesCol(String value) {
    set(columns.features, value);
    return this;
  }

  /** The param of the column of the predicted class; empty for none. */
  public Param<String> predictionCol() {
    return columns.prediction;
  }

  /** The column of the predicted class; empty for none. */
  public String getPredictionCol() {
    return getOrDefault(columns.prediction);
  }

  /** Sets the column of the predicted class; empty for none. */
  public InvolutionClassifier setPredictionCol(String value) {
    set(columns.prediction, value);
    return this;
  }

  /** The param of the column of the classes' probabilities; empty for none. */
  public Param<String> probabilityCol() {
    return columns.probability;
  }

  /** The column of the classes' probabilities; empty for none. */
  public String getProbabilityCol() {
    return getOrDefault(columns.probability);
  }

  /** Sets the column of the classes' probabilities; empty for none. */
  public InvolutionClassifier setProbabilityCol(String value) {
    set(columns.probability, value);
    return this;
  }

  /** The param of the column of the probabilities' logarithms; empty for none. */
  public Param<String> rawPredictionCol() {
    return columns.rawPrediction;
  }

  /** The column of the probabilities' logarithms; empty for none. */
  public String getRawPredictionCol() {
    return getOrDefault(columns.rawPrediction);
  }

  /** Sets the column of the probabilities' logarithms; empty for none. */
  public InvolutionClassifier setRawPredictionCol(String value) {
    set(columns.rawPrediction, value);
    return this;
  }

  /** The param of the channels, height and width of the images. */
  public IntArrayParam imageShape() {
    return columns.imageShape;
  }

  /** The channels, height and width of the images. */
  public int[] getImageShape() {
    return getOrDefault(columns.imageShape);
  }

  /** Sets the channels, height and width of the images. */
  public InvolutionClassifier setImageShape(int[] value) {
    set(columns.imageShape, value);
    return this;
  }

  /** The param of the column of the labels. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** The column of the labels. */
  public String getLabelCol() {
    return getOrDefault(labelCol);
  }

  /** Sets the column of the labels. */
  public InvolutionClassifier setLabelCol(String value) {
    set(labelCol, value);
    return this;
  }

  /** The param of the network: convolution, involution or involution-wide. */
  public Param<String> network() {
    return network;
  }

  /** The network: convolution, involution or involution-wide. */
  public String getNetwork() {
    return getOrDefault(network);
  }

  /** Sets the network: convolution, involution or involution-wide. */
  public InvolutionClassifier setNetwork(String value) {
    set(network, value);
    return this;
  }

  /** The param of the passes over the examples (epochs). */
  public IntParam maxIter() {
    return maxIter;
  }

  /** The passes over the examples (epochs). */
  public int getMaxIter() {
    return (int) getOrDefault(maxIter);
  }

  /** Sets the passes over the examples (epochs). */
  public InvolutionClassifier setMaxIter(int value) {
    set(maxIter, value);
    return this;
  }

  /** The param of the examples of a global minibatch. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** The examples of a global minibatch. */
  public int getBatchSize() {
    return (int) getOrDefault(batchSize);
  }

  /** Sets the examples of a global minibatch. */
  public InvolutionClassifier setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  /** The param of the step size. */
  public DoubleParam learningRate() {
    return learningRate;
  }

  /** The step size: the optimizer's usual one unless it is set. */
  public double getLearningRate() {
    return isSet(learningRate)
        ? (double) getOrDefault(learningRate)
        : options().learningRate().rate().orElseThrow();
  }

  /** Sets the step size. */
  public InvolutionClassifier setLearningRate(double value) {
    set(learningRate, value);
    return this;
  }

  /** The param of the seed of the weights and the minibatches. */
  public LongParam seed() {
    return seed;
  }

  /** The seed of the weights and the minibatches. */
  public long getSeed() {
    return (long) getOrDefault(seed);
  }

  /** Sets the seed of the weights and the minibatches. */
  public InvolutionClassifier setSeed(long value) {
    set(seed, value);
    return this;
  }

  /** The param of the number of workers; 0 for one per task slot. */
  public IntParam numWorkers() {
    return numWorkers;
  }

  /** The number of workers; 0 for one per task slot. */
  public int getNumWorkers() {
    return (int) getOrDefault(numWorkers);
  }

  /** Sets the number of workers; 0 for one per task slot. */
  public InvolutionClassifier setNumWorkers(int value) {
    set(numWorkers, value);
    return this;
  }

  /** The param of the local steps between two averages. */
  public Param<String> averagingPeriod() {
    return averagingPeriod;
  }

  /** The local steps between two averages. */
  public String getAveragingPeriod() {
    return getOrDefault(averagingPeriod);
  }

  /** Sets the local steps between two averages. */
  public InvolutionClassifier setAveragingPeriod(String value) {
    set(averagingPeriod, value);
    return this;
  }

  /** The param of the class weights: none or balanced. */
  public Param<String> classWeights() {
    return classWeights;
  }

  /** The class weights: none or balanced. */
  public String getClassWeights() {
    return getOrDefault(classWeights);
  }

  /** Sets the class weights: none or balanced. */
  public InvolutionClassifier setClassWeights(String value) {
    set(classWeights, value);
    return this;
  }

  /** The param of the optimizer: adam, nesterovs or muon. */
  public Param<String> optimizer() {
    return optimizer;
  }

  /** The optimizer: adam, nesterovs or muon. */
  public String getOptimizer() {
    return getOrDefault(optimizer);
  }

  /** Sets the optimizer: adam, nesterovs or muon. */
  public InvolutionClassifier setOptimizer(String value) {
    set(optimizer, value);
    return this;
  }

  /** The param of the decay of the step size: constant, cosine, linear or triangular. */
  public Param<String> learningRateDecay() {
    return learningRateDecay;
  }

  /** The decay of the step size: constant, cosine, linear or triangular. */
  public String getLearningRateDecay() {
    return getOrDefault(learningRateDecay);
  }

  /** Sets the decay of the step size: constant, cosine, linear or triangular. */
  public InvolutionClassifier setLearningRateDecay(String value) {
    set(learningRateDecay, value);
    return this;
  }

  /** The param of the decoupled weight decay. */
  public DoubleParam weightDecay() {
    return weightDecay;
  }

  /** The decoupled weight decay. */
  public double getWeightDecay() {
    return (double) getOrDefault(weightDecay);
  }

  /** Sets the decoupled weight decay. */
  public InvolutionClassifier setWeightDecay(double value) {
    set(weightDecay, value);
    return this;
  }

  /** The param of the share of a label that is spread over all classes. */
  public DoubleParam labelSmoothing() {
    return labelSmoothing;
  }

  /** The share of a label that is spread over all classes. */
  public double getLabelSmoothing() {
    return (double) getOrDefault(labelSmoothing);
  }

  /** Sets the share of a label that is spread over all classes. */
  public InvolutionClassifier setLabelSmoothing(double value) {
    set(labelSmoothing, value);
    return this;
  }

  /** The param of the augmentation: what {@code --augment} takes. */
  public Param<String> augment() {
    return augment;
  }

  /** How images are changed at random: what {@code --augment} takes. */
  public String getAugment() {
    return getOrDefault(augment);
  }

  /** Sets how images are changed at random: what {@code --augment} takes. */
  public InvolutionClassifier setAugment(String value) {
    set(augment, value);
    return this;
  }
}
