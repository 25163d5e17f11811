package io.involution.ml;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** How the steps of {@link InvolutionClassifier} are taken. */
abstract sealed class ClassifierOptimizer extends ClassifierColumns permits ClassifierTraining {
  private static final long serialVersionUID = 1L;

  private final Param<String> optimizer;
  private final DoubleParam learningRate;
  private final Param<String> learningRateDecay;
  private final DoubleParam weightDecay;
  private final DoubleParam labelSmoothing;
  private final Param<String> classWeights;
  private final Param<String> augment;
  private final Param<String> weightAverage;

  /** The params of an estimator of a name. */
  ClassifierOptimizer(String uid) {
    super(uid);
    optimizer = new Param<>(this, "optimizer", "adam, nesterovs or muon");
    learningRate =
        new DoubleParam(this, "learningRate", "step size; by default the optimizer's usual one");
    learningRateDecay =
        new Param<>(this, "learningRateDecay", "constant, cosine, linear or triangular");
    weightDecay = new DoubleParam(this, "weightDecay", "decoupled weight decay");
    labelSmoothing =
        new DoubleParam(this, "labelSmoothing", "share of a label that is spread over all classes");
    classWeights =
        new Param<>(this, "classWeights", "none, or balanced: rare classes count more in the loss");
    augment =
        new Param<>(
            this, "augment", "how images are changed at random: false, true, or a list of changes");
    weightAverage =
        new Param<>(
            this, "weightAverage", "how models are averaged over time: none, ema:N or lookahead");
    TrainOptions defaults = TrainConfig.defaults();
    setDefault(optimizer, defaults.optimizer().choice().word());
    setDefault(learningRateDecay, defaults.learningRate().decay().word());
    setDefault(weightDecay, defaults.optimizer().weightDecay());
    setDefault(labelSmoothing, defaults.loss().labelSmoothing());
    setDefault(classWeights, defaults.loss().classWeights().word());
    setDefault(augment, defaults.augment().word());
    setDefault(weightAverage, defaults.averaging().weightAverage().word());
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
    return self();
  }

  /** The param of the step size. */
  public DoubleParam learningRate() {
    return learningRate;
  }

  /** The step size: the optimizer's usual one unless it is set. */
  public double getLearningRate() {
    return isSet(learningRate)
        ? (double) getOrDefault(learningRate)
        : self().options().learningRate().rate().orElseThrow();
  }

  /** Sets the step size. */
  public InvolutionClassifier setLearningRate(double value) {
    set(learningRate, value);
    return self();
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
    return self();
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
    return self();
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
    return self();
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
    return self();
  }

  /** The param of how images are changed at random: what {@code --augment} takes. */
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
    return self();
  }

  /** The param of how models are averaged over time: what {@code --weight-average} takes. */
  public Param<String> weightAverage() {
    return weightAverage;
  }

  /** How models are averaged over time: what {@code --weight-average} takes. */
  public String getWeightAverage() {
    return getOrDefault(weightAverage);
  }

  /** Sets how models are averaged over time: what {@code --weight-average} takes. */
  public InvolutionClassifier setWeightAverage(String value) {
    set(weightAverage, value);
    return self();
  }
}
