package io.involution.ml;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;

/** The columns that {@link InvolutionClassifier} reads, and those that its model adds. */
abstract sealed class ClassifierColumns extends Estimator<InvolutionClassificationModel>
    permits ClassifierOptimizer {
  private static final long serialVersionUID = 1L;

  /** What the model has too. */
  final ColumnParams columns;

  private final String uid;
  private final Param<String> labelCol;

  /** The params of an estimator of a name. */
  ClassifierColumns(String uid) {
    this.uid = uid;
    columns = new ColumnParams(this);
    labelCol = new Param<>(this, "labelCol", "column of the labels, whole numbers from 0");
    setDefault(labelCol, "label");
  }

  /** This estimator. */
  abstract InvolutionClassifier self();

  @Override
  public String uid() {
    return uid;
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
    return self();
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
    return self();
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
    return self();
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
    return self();
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
    return self();
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
    return self();
  }

  /** The param of what is done with rows that cannot be used: error or skip. */
  public Param<String> handleInvalid() {
    return columns.handleInvalid;
  }

  /** What is done with rows that cannot be used: error or skip. */
  public String getHandleInvalid() {
    return getOrDefault(columns.handleInvalid);
  }

  /** Sets what is done with rows that cannot be used: error or skip. */
  public InvolutionClassifier setHandleInvalid(String value) {
    set(columns.handleInvalid, value);
    return self();
  }
}
