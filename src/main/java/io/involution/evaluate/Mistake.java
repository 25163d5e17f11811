package io.involution.evaluate;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * An example that a model classified wrongly.
 *
 * @param index place among the examples
 * @param label its class
 * @param prediction the class that the model took it for
 * @param probability the model's, of that class
 * @param pixels base64 of 3 x 32 x 32 unsigned bytes, planes red, green, blue
 */
public record Mistake(int index, int label, int prediction, float probability, String pixels)
    implements Serializable {
  /** How many are kept: what a report shows, and all that travels with an evaluation. */
  public static final int KEPT = 12;

  /** The most confident first; of equals, the one that comes first among the examples. */
  static final Comparator<Mistake> ORDER =
      Comparator.comparingDouble(Mistake::probability).reversed().thenComparingInt(Mistake::index);

  /** The most confident of these, in order, at most {@link #KEPT}. */
  static List<Mistake> first(List<Mistake> mistakes) {
    return mistakes.stream().sorted(ORDER).limit(KEPT).toList();
  }

  /** The same example when others come before it. */
  Mistake shifted(int before) {
    return new Mistake(index + before, label, prediction, probability, pixels);
  }
}
