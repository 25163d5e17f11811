package io.involution.evaluate.artifact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * A model's prediction for one example.
 *
 * @param index the example's position among the test examples
 * @param label its class
 * @param probabilities the predicted probability of each class
 * @param layers one entry per involution layer
 */
public record Prediction(int index, int label, List<Float> probabilities, List<KernelMap> layers) {

  /** Copies the lists; a model without involution layers has an empty list of them. */
  public Prediction {
    probabilities = List.copyOf(probabilities);
    layers = layers == null ? List.of() : List.copyOf(layers);
  }

  /** The most probable class, the first of equals. */
  public int predicted() {
    int best = 0;
    for (int i = 1; i < probabilities.size(); i++) {
      if (probabilities.get(i) > probabilities.get(best)) {
        best = i;
      }
    }
    return best;
  }

  /** Whether every probability is a number. */
  @JsonIgnore
  public boolean isFinite() {
    return probabilities.stream().allMatch(Float::isFinite);
  }
}
