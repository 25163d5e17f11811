package io.involution.ml;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;

/** The columns that {@link InvolutionClassifier} reads, and those that its model adds. */
abstract sealed class ClassifierColumns extends Estimator<InvolutionClassificationModel>
    implements PredictionColumns<InvolutionClassifier> permits ClassifierOptimizer {
  private static final long serialVersionUID = 1L;

  private final ColumnParams columns;
  private final String uid;
  private final Param<String> labelCol;

  /** The params of an estimator of a name. */
  ClassifierColumns(String uid) {
    this.uid = uid;
    columns = new ColumnParams(this);
    labelCol = new Param<>(this, "labelCol", "column of the labels, whole numbers from 0");
    setDefault(labelCol, "label");
  }

  @Override
  public final ColumnParams columns() {
    return columns;
  }

  @Override
  public String uid() {
    return uid;
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
}
