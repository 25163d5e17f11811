package io.involution.spark.examples;

import io.involution.data.DataSchema;
import io.involution.data.folder.FolderLayout;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The labels of a table: names, or numbers from 0. */
final class Labels implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeSet<String> names = new TreeSet<>();
  private final TreeSet<Long> numbers = new TreeSet<>();
  private long missing;

  /** Looks at the labels of a partition. */
  static Iterator<Labels> of(Iterator<Object> labels) {
    Labels found = new Labels();
    labels.forEachRemaining(found::add);
    return List.of(found).iterator();
  }

  private void add(Object label) {
    if (label instanceof String name && !name.isBlank()) {
      names.add(name);
    } else if (label instanceof Number number) {
      numbers.add(number.longValue());
    } else {
      missing++;
    }
    if (names.size() > DataSchema.MOST_CLASSES + 1) {
      names.pollLast();
    }
    // The lowest and the highest say what is wrong.
    if (numbers.size() > DataSchema.MOST_CLASSES + 1) {
      numbers.remove(numbers.higher(numbers.first()));
    }
  }

  /** Adds what was found in another partition. */
  Labels plus(Labels other) {
    other.names.forEach(this::add);
    other.numbers.forEach(this::add);
    missing += other.missing;
    return this;
  }

  /**
   * The classes of training examples with these labels, in label order.
   *
   * @param column the column's name, for messages
   * @throws InputException if they are not of 2 to 10,000 classes
   */
  List<String> classes(String column) {
    requireAll(column);
    if (!numbers.isEmpty() && numbers.last() >= DataSchema.MOST_CLASSES) {
      throw refused(column, "has the label " + numbers.last(), "use numbers from 0 to 9,999");
    }
    List<String> classes =
        numbers.isEmpty()
            ? names.stream().sorted(FolderLayout::compare).toList()
            : IntStream.rangeClosed(0, numbers.last().intValue())
                .mapToObj(String::valueOf)
                .toList();
    if (classes.size() > DataSchema.MOST_CLASSES) {
      throw refused(column, "has more than 10,000 classes", "use at most 10,000");
    }
    if (classes.size() < 2) {
      throw refused(
          column,
          classes.isEmpty() ? "has no labels" : "has one class only",
          "there must be at least two classes");
    }
    for (String name : classes) {
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw refused(
            column,
            "has a control character in " + Places.shown(name.replaceAll("\\p{Cntrl}", "?")),
            "remove it");
      }
    }
    return classes;
  }

  /**
   * Checks the labels of test examples.
   *
   * @param train the labels of the training examples, which have classes
   * @throws InputException if they are of another kind, or one is of none of the classes
   */
  void requireOf(Labels train, String column) {
    requireAll(column);
    boolean texts = train.numbers.isEmpty();
    if (texts ? !numbers.isEmpty() : !names.isEmpty()) {
      throw refused(
          column,
          texts
              ? "has texts for training examples and numbers for test examples"
              : "has numbers for training examples and texts for test examples",
          "use numbers for both, or texts");
    }
    boolean known =
        train.names.containsAll(names)
            && (numbers.isEmpty() || numbers.last() <= train.numbers.last());
    if (!known) {
      throw refused(
          column,
          "has test examples of a class without training examples",
          "remove them, or add training examples");
    }
  }

  private void requireAll(String column) {
    if (missing > 0) {
      throw refused(
          column,
          String.format(Locale.ROOT, "is empty in %,d rows", missing),
          "remove these rows, or label them");
    }
    if (!numbers.isEmpty() && numbers.first() < 0) {
      throw refused(column, "has the label " + numbers.first(), "use numbers from 0 on");
    }
  }

  private static InputException refused(String column, String what, String fix) {
    return new InputException("--label-column " + Places.shown(column) + " " + what + ": " + fix);
  }
}
