package io.involution.evaluate.artifact;

import java.util.Objects;

/**
 * An example and its image.
 *
 * @param index its position in its subset
 * @param label its class; -1 if it has none
 * @param pixels its image
 */
public record Sample(int index, int label, Picture pixels) {
  /** The label of an image whose class nobody knows. */
  public static final int UNLABELED = -1;

  /** Requires an image. */
  public Sample {
    Objects.requireNonNull(pixels, "a sample has pixels");
  }

  /** The same example without its class. */
  public Sample unlabeled() {
    return new Sample(index, UNLABELED, pixels);
  }
}
