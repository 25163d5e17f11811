package io.involution.data;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What the examples of a data set are.
 *
 * @param image the shape of every image
 * @param classes the names of the classes, in label order; 1 to 10,000
 */
public record DataSchema(ImageShape image, List<String> classes) implements Serializable {
  /** Largest number of classes. */
  public static final int MOST_CLASSES = 10_000;

  /** CIFAR-10's images and classes. */
  public static final DataSchema CIFAR10 =
      new DataSchema(
          ImageShape.CIFAR10,
          List.of(
              "airplane",
              "automobile",
              "bird",
              "cat",
              "deer",
              "dog",
              "frog",
              "horse",
              "ship",
              "truck"));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are no classes, or too many
   */
  public DataSchema {
    Objects.requireNonNull(image, "images have a shape");
    classes = List.copyOf(classes);
    if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
      throw new IllegalArgumentException(classes.size() + " classes");
    }
  }

  /** Number of classes; labels run from 0 to one less. */
  public int classCount() {
    return classes.size();
  }
}
