package io.involution.ml;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/** What {@link InvolutionClassifier} trains, and for how long. */
abstract sealed class ClassifierTraining extends ClassifierOptimizer permits InvolutionClassifier {
  private static final long serialVersionUID = 1L;

  private final Param<String> network;
  private final IntParam maxIter;
  private final IntParam batchSize;
  private final LongParam seed;
  private final IntParam numWorkers;
  private final Param<String> averagingPeriod;
  private final IntParam validation;
  private final IntParam patience;
  private final Param<String> checkpointFolder;

  /** The params of an estimator of a name. */
  ClassifierTraining(String uid) {
    super(uid);
    network =
        new Param<>(
            this, "network", "the network: one of this job's, a DL4J configuration, or class:NAME");
    maxIter = new IntParam(this, "maxIter", "passes over the examples (epochs)");
    batchSize =
        new IntParam(this, "batchSize", "examples of a global minibatch, split over the workers");
    seed = new LongParam(this, "seed", "seed of the weights and the minibatches");
    numWorkers = new IntParam(this, "numWorkers", "workers; 0 for one per task slot");
    averagingPeriod =
        new Param<>(this, "averagingPeriod", "local steps between two averages, or epoch");
    validation =
        new IntParam(
            this, "validation", "examples that are held out, by which the best epoch is chosen");
    patience =
        new IntParam(
            this, "patience", "epochs without a higher validation accuracy, then training ends");
    checkpointFolder =
        new Param<>(
            this,
            "checkpointFolder",
            "folder on any Hadoop file system where every epoch is kept: the same fit goes on from"
                + " there; empty for none");
    TrainOptions defaults = TrainConfig.defaults();
    setDefault(network, "convolution");
    setDefault(maxIter, defaults.epochs().last());
    setDefault(batchSize, defaults.batchSize());
    setDefault(seed, defaults.seed());
    setDefault(numWorkers, 0);
    setDefault(averagingPeriod, defaults.averaging().period().word());
    setDefault(validation, defaults.validation());
    setDefault(patience, defaults.patience());
    setDefault(checkpointFolder, "");
  }

  /** The param of the network: what {@code --model} takes, for one network. */
  public Param<String> network() {
    return network;
  }

  /** The network: what {@code --model} takes, for one network. */
  public String getNetwork() {
    return getOrDefault(network);
  }

  /** Sets the network: what {@code --model} takes, for one network. */
  public InvolutionClassifier setNetwork(String value) {
    set(network, value);
    return self();
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
    return self();
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
    return self();
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
    return self();
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
    return self();
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
    return self();
  }

  /** The param of how many examples are held out to choose the best epoch by. */
  public IntParam validation() {
    return validation;
  }

  /** How many examples are held out to choose the best epoch by. */
  public int getValidation() {
    return (int) getOrDefault(validation);
  }

  /** Sets how many examples are held out to choose the best epoch by. */
  public InvolutionClassifier setValidation(int value) {
    set(validation, value);
    return self();
  }

  /**
   * The param of after how many epochs without a higher validation accuracy training ends; 0 for
   * never.
   */
  public IntParam patience() {
    return patience;
  }

  /** After how many epochs without a higher validation accuracy training ends; 0 for never. */
  public int getPatience() {
    return (int) getOrDefault(patience);
  }

  /** Sets after how many epochs without a higher validation accuracy training ends; 0 for never. */
  public InvolutionClassifier setPatience(int value) {
    set(patience, value);
    return self();
  }

  /** The param of the folder of checkpoints; empty for none. */
  public Param<String> checkpointFolder() {
    return checkpointFolder;
  }

  /** The folder of checkpoints; empty for none. */
  public String getCheckpointFolder() {
    return getOrDefault(checkpointFolder);
  }

  /** Sets the folder of checkpoints; empty for none. */
  public InvolutionClassifier setCheckpointFolder(String value) {
    set(checkpointFolder, value);
    return self();
  }
}
