package io.involution.metrics;

import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.model.summary.NetworkSummary;
import java.util.List;
import java.util.Optional;

/**
 * What a run's folder holds about one network for a report to draw; what is missing is empty.
 *
 * @param classes names of the classes, in label order
 * @param network its layers
 * @param confusion counts of test examples
 * @param mistakes the most confident mistakes, the most confident first
 * @param train the first training examples
 * @param test test examples
 * @param predictions the model's predictions for them, one each
 * @param leftOut how many more were predicted, which are not kept
 */
public record ModelArtifacts(
    List<String> classes,
    Optional<NetworkSummary> network,
    Optional<Confusion> confusion,
    List<Mistake> mistakes,
    List<Sample> train,
    List<Sample> test,
    List<Prediction> predictions,
    int leftOut) {

  /** The artifacts of a model that has only predicted. */
  public static ModelArtifacts of(
      List<String> classes, List<Sample> images, List<Prediction> predictions) {
    return new ModelArtifacts(
        classes, Optional.empty(), Optional.empty(), List.of(), List.of(), images, predictions, 0);
  }

  /** The name of a class, or its number if it has no name. */
  public String className(int label) {
    return label >= 0 && label < classes.size() ? classes.get(label) : "class " + label;
  }
}
