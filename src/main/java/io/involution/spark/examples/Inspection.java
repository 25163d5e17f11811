package io.involution.spark.examples;

import io.involution.data.ImageShape;
import io.involution.data.Subset;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the driver learns of the examples: counts, digests, and what is wrong. */
final class Inspection implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many unreadable images are named. */
  static final int NAMED = 10;

  private final Map<Subset, TreeMap<Integer, Integer>> counts = new EnumMap<>(Subset.class);
  private final Map<Subset, BigInteger> sums = new EnumMap<>(Subset.class);

  /** The first image, by name, of each shape. */
  private final TreeMap<String, String> shapes = new TreeMap<>();

  private ImageShape shape;

  /** The reasons by name, of the first ones. */
  private final TreeMap<String, String> faults = new TreeMap<>();

  private long unreadable;
  private String refusal;

  Inspection() {
    for (Subset subset : Subset.values()) {
      counts.put(subset, new TreeMap<>());
      sums.put(subset, BigInteger.ZERO);
    }
  }

  /** Looks at the examples of a partition. */
  static Iterator<Inspection> of(Iterator<Example> examples) {
    Inspection inspection = new Inspection();
    examples.forEachRemaining(inspection::add);
    return List.of(inspection).iterator();
  }

  private void add(Example example) {
    if (example.isRefused()) {
      refusal = example.fault();
      return;
    }
    if (example.fault() != null) {
      unreadable++;
      fault(example.name(), example.fault());
      return;
    }
    counts.get(example.subset()).merge(example.label(), 1, Integer::sum);
    sums.merge(example.subset(), ContentDigest.number(example.key()), ContentDigest::sum);
    shape(example.shape(), example.name());
  }

  private void shape(ImageShape other, String name) {
    shape = other;
    shapes.merge(other.toString(), name, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    if (shapes.size() > NAMED) {
      shapes.pollLastEntry();
    }
  }

  private void fault(String name, String reason) {
    faults.put(name, reason);
    if (faults.size() > NAMED) {
      faults.pollLastEntry();
    }
  }

  /** Adds what was found in another partition. */
  Inspection plus(Inspection other) {
    other.counts.forEach(
        (subset, labels) ->
            labels.forEach((label, count) -> counts.get(subset).merge(label, count, Integer::sum)));
    other.sums.forEach((subset, sum) -> sums.merge(subset, sum, ContentDigest::sum));
    other.shapes.forEach(
        (text, name) -> shapes.merge(text, name, (a, b) -> a.compareTo(b) <= 0 ? a : b));
    shape = other.shape == null ? shape : other.shape;
    other.faults.forEach(this::fault);
    unreadable += other.unreadable;
    refusal = refusal == null ? other.refusal : refusal;
    return this;
  }

  /** Number of examples of a class. */
  int count(Subset subset, int label) {
    return counts.get(subset).getOrDefault(label, 0);
  }

  /** Number of examples. */
  long size(Subset subset) {
    return counts.get(subset).values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The same for equal sets of examples in the same order. */
  String sum(Subset subset) {
    return sums.get(subset).toString(16);
  }

  /** The name of one image of each shape, in the shapes' order. */
  List<String> shapes() {
    List<String> lines = new ArrayList<>();
    shapes.forEach((text, name) -> lines.add(name + " has " + text));
    return lines;
  }

  /** The shape of all images; null if there are none. */
  ImageShape shape() {
    return shape;
  }

  /** Number of images that cannot be read. */
  long unreadable() {
    return unreadable;
  }

  /** Why the data is refused; null if it is not. */
  String refusal() {
    return refusal;
  }

  /** Why the first ones cannot be read, by name. */
  @SuppressWarnings("NonApiType") // in order
  TreeMap<String, String> faults() {
    return faults;
  }
}
