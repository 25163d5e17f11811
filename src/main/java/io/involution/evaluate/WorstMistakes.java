package io.involution.evaluate;

import io.involution.data.Shard;
import io.involution.evaluate.artifact.Mistake;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The most confident mistakes among the examples that pass by; no others are kept. */
final class WorstMistakes {
  /** How many are kept: all that a report shows and that an evaluation sends to the driver. */
  static final int KEPT = 12;

  /** The most confident first; of equals, the one that comes first among the examples. */
  private static final Comparator<Mistake> ORDER =
      Comparator.comparingDouble(Mistake::probability).reversed().thenComparingInt(Mistake::index);

  private final TreeSet<Mistake> kept = new TreeSet<>(ORDER);

  /** The most confident of these mistakes, in order. */
  static List<Mistake> first(List<Mistake> mistakes) {
    return mistakes.stream().sorted(ORDER).limit(KEPT).toList();
  }

  /** Considers a wrong prediction. */
  void add(Shard shard, int index, int prediction, float probability) {
    if (!Float.isNaN(probability)) {
      kept.add(new Mistake(index, shard.label(index), prediction, probability, null));
    }
    if (kept.size() > KEPT) {
      kept.pollLast();
    }
  }

  /** The most confident first, with their images. */
  List<Mistake> withPixels(Shard shard) {
    return kept.stream().map(m -> m.with(Artifacts.picture(shard, m.index()))).toList();
  }
}
