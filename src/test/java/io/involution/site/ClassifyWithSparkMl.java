package io.involution.site;

import io.involution.ml.InvolutionClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Chooses a learning rate by cross-validation. */
public final class ClassifyWithSparkMl {
  /** Trains on a table with the columns {@code features} (images) and {@code label}. */
  static CrossValidatorModel choose(Dataset<Row> images, int[] shape) {
    InvolutionClassifier classifier =
        new InvolutionClassifier().setNetwork("involution").setImageShape(shape).setMaxIter(2);
    ParamMap[] rates =
        new ParamGridBuilder()
            .addGrid(classifier.learningRate(), new double[] {0.001, 0.01})
            .build();
    return new CrossValidator()
        .setEstimator(classifier)
        .setEstimatorParamMaps(rates)
        .setEvaluator(new MulticlassClassificationEvaluator())
        .setNumFolds(2)
        .fit(images);
  }
}
