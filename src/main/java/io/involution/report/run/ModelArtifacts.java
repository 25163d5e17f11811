package io.involution.report.run;

import java.util.List;
import java.util.Optional;

/**
 * What a run's folder holds to be drawn about one network; what is missing is empty.
 *
 * @param classes names of the classes, in label order
 * @param layers the network as a table
 * @param confusion counts of test examples
 * @param mistakes the most confident ones, the most confident first
 * @param samples the first training examples
 * @param predictions test examples and what the model makes of them
 */
public record ModelArtifacts(
    List<String> classes,
    Optional<Layers> layers,
    Optional<Confusion> confusion,
    List<Mistake> mistakes,
    List<Picture> samples,
    List<Prediction> predictions) {

  /** The name of a class, or its number where it has no name. */
  public String className(int label) {
    return label >= 0 && label < classes.size() ? classes.get(label) : "class " + label;
  }
}
