package io.involution.ml;

import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params that estimator and model share: the columns, and what is done with what is in them.
 *
 * @param <T> the stage, which the setters return
 */
public sealed interface PredictionColumns<T extends Params> extends Params
    permits ClassifierColumns, InvolutionClassificationModel {

  /** This stage. */
  T self();

  /** The params themselves, for this package. */
  ColumnParams columns();

  /** The param of the column of the images. */
  default Param<String> featuresCol() {
    return columns().features;
  }

  /** The column of the images. */
  default String getFeaturesCol() {
    return getOrDefault(columns().features);
  }

  /** Sets the column of the images. */
  default T setFeaturesCol(String value) {
    set(columns().features, value);
    return self();
  }

  /** The param of the column of the predicted class; empty for none. */
  default Param<String> predictionCol() {
    return columns().prediction;
  }

  /** The column of the predicted class; empty for none. */
  default String getPredictionCol() {
    return getOrDefault(columns().prediction);
  }

  /** Sets the column of the predicted class; empty for none. */
  default T setPredictionCol(String value) {
    set(columns().prediction, value);
    return self();
  }

  /** The param of the column of the classes' probabilities; empty for none. */
  default Param<String> probabilityCol() {
    return columns().probability;
  }

  /** The column of the classes' probabilities; empty for none. */
  default String getProbabilityCol() {
    return getOrDefault(columns().probability);
  }

  /** Sets the column of the classes' probabilities; empty for none. */
  default T setProbabilityCol(String value) {
    set(columns().probability, value);
    return self();
  }

  /** The param of the column of the probabilities' logarithms; empty for none. */
  default Param<String> rawPredictionCol() {
    return columns().rawPrediction;
  }

  /** The column of the probabilities' logarithms; empty for none. */
  default String getRawPredictionCol() {
    return getOrDefault(columns().rawPrediction);
  }

  /** Sets the column of the probabilities' logarithms; empty for none. */
  default T setRawPredictionCol(String value) {
    set(columns().rawPrediction, value);
    return self();
  }

  /** The param of what is done with rows that cannot be used: error or skip. */
  default Param<String> handleInvalid() {
    return columns().handleInvalid;
  }

  /** What is done with rows that cannot be used: error or skip. */
  default String getHandleInvalid() {
    return getOrDefault(columns().handleInvalid);
  }

  /** Sets what is done with rows that cannot be used: error or skip. */
  default T setHandleInvalid(String value) {
    set(columns().handleInvalid, value);
    return self();
  }

  /** The param of the channels, height and width of the images. */
  default IntArrayParam imageShape() {
    return columns().imageShape;
  }

  /** The param of the classes' thresholds. */
  default DoubleArrayParam thresholds() {
    return columns().thresholds;
  }

  /** The classes' thresholds. */
  default double[] getThresholds() {
    return getOrDefault(columns().thresholds);
  }

  /**
   * Sets the classes' thresholds, one for each class: the class with the largest probability /
   * threshold is predicted.
   */
  default T setThresholds(double[] value) {
    set(columns().thresholds, value);
    return self();
  }
}
