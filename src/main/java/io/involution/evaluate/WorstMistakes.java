package io.involution.evaluate;

import io.involution.data.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Keeps the most confident mistakes of the examples that pass by, and no more than it needs. */
final class WorstMistakes {
  private final TreeSet<Mistake> kept = new TreeSet<>(Mistake.ORDER);

  /** Takes note of a wrong prediction with its example. */
  void add(Shard shard, int index, int prediction, float probability) {
    if (Float.isNaN(probability)) {
      return;
    }
    Mistake mistake = new Mistake(index, shard.label(index), prediction, probability, "");
    if (kept.size() == Mistake.KEPT) {
      if (Mistake.ORDER.compare(mistake, kept.last()) > 0) {
        return;
      }
      kept.pollLast();
    }
    kept.add(mistake);
  }

  /** The most confident first, with their pixels. */
  List<Mistake> withPixels(Shard shard) {
    List<Mistake> mistakes = new ArrayList<>();
    for (Mistake mistake : kept) {
      mistakes.add(
          new Mistake(
              mistake.index(),
              mistake.label(),
              mistake.prediction(),
              mistake.probability(),
              Artifacts.pixels(shard, mistake.index())));
    }
    return mistakes;
  }
}
