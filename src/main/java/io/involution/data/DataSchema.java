package io.involution.data;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.PlainText;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

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

  private static final int MOST_LETTERS = 256;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are no classes, or too many, or one has no name that
   *     can be shown
   */
  public DataSchema {
    Objects.requireNonNull(image, "images have a shape");
    classes = List.copyOf(classes);
    if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
      throw new IllegalArgumentException(classes.size() + " classes");
    }
    if (!classes.stream().allMatch(DataSchema::isShown)) {
      throw new IllegalArgumentException("a class's name of no letters, or of more than one line");
    }
  }

  private static boolean isShown(String name) {
    return !name.isEmpty() && name.length() <= MOST_LETTERS && name.equals(PlainText.line(name));
  }

  /**
   * What a data set says of itself.
   *
   * @param place where it is, for the error message
   * @throws InputException if a class has no name that can be shown
   */
  public static DataSchema of(ImageShape image, List<String> classes, String place) {
    for (String name : classes) {
      if (!isShown(name)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s has a class of the name \"%s\": give it 1 to %d letters on one line, none of"
                    + " them a control character",
                Places.shown(place),
                PlainText.line(name.substring(0, Math.min(MOST_LETTERS, name.length()))),
                MOST_LETTERS));
      }
    }
    return new DataSchema(image, classes);
  }

  /** Names for so many classes that have none. */
  public static List<String> numbered(int classes) {
    return IntStream.range(0, classes).mapToObj(label -> "class " + label).toList();
  }

  /** Whether the classes have names of their own, and not just their numbers. */
  public boolean isNamed() {
    List<String> numbers = IntStream.range(0, classCount()).mapToObj(String::valueOf).toList();
    return !classes.equals(numbers) && !classes.equals(numbered(classCount()));
  }

  /** Number of classes; labels run from 0 to one less. */
  public int classCount() {
    return classes.size();
  }
}
