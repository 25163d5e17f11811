package io.involution.metrics;

import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Confusion.ClassCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * The test result of one class.
 *
 * @param name the class
 * @param accuracy share of its test examples that were classified correctly; null if there are none
 * @param examples number of its test examples
 */
public record ClassResult(String name, Double accuracy, long examples) {

  /** The results of all classes, in label order. */
  public static List<ClassResult> of(Confusion confusion) {
    List<ClassResult> results = new ArrayList<>();
    List<ClassCounts> counts = confusion.byClass();
    for (int label = 0; label < counts.size(); label++) {
      ClassCounts count = counts.get(label);
      results.add(new ClassResult(confusion.className(label), count.recall(), count.labeled()));
    }
    return results;
  }
}
