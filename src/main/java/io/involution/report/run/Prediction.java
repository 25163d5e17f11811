package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model makes of a picture.
 *
 * @param picture the picture
 * @param probabilities the model's, by class
 * @param kernels one entry an involution layer
 */
public record Prediction(Picture picture, List<Double> probabilities, List<KernelMap> kernels) {
  /**
   * What a model makes of a picture of which nobody knows the class.
   *
   * @param sample its pixels, as the artifacts have them
   * @param prediction probabilities and kernels, as the artifacts have them
   */
  public static Prediction unlabelled(JsonNode sample, JsonNode prediction) {
    List<Double> probabilities = new ArrayList<>();
    prediction.path("probabilities").forEach(node -> probabilities.add(node.asDouble()));
    List<KernelMap> kernels = new ArrayList<>();
    prediction.path("layers").forEach(node -> kernels.add(KernelMap.of(node)));
    return new Prediction(Picture.of(sample).unlabelled(), probabilities, kernels);
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
}
