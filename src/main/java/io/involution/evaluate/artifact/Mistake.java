package io.involution.evaluate.artifact;

import java.io.Serializable;

/**
 * A misclassified example.
 *
 * @param index its position among the examples
 * @param label its class
 * @param prediction the predicted class
 * @param probability the predicted probability of that class
 * @param pixels its image; null until the image is needed
 */
public record Mistake(int index, int label, int prediction, float probability, Picture pixels)
    implements Serializable {

  /** The same mistake when other examples come before it. */
  public Mistake shifted(int before) {
    return new Mistake(index + before, label, prediction, probability, pixels);
  }

  /** The same mistake with its image. */
  public Mistake with(Picture image) {
    return new Mistake(index, label, prediction, probability, image);
  }
}
