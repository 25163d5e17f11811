package io.involution.train.average;

import io.involution.model.state.ModelState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The example-weighted mean of the workers' states, or of the same slice of each, entry by entry.
 * Entries are summed in float64 in worker order, so that the result depends on the workers only,
 * and the mean of one worker is its own state, bit for bit. An entry's mean depends on no other
 * entry: the means of slices, put together, are the mean of the whole. Sections that belong to one
 * worker are passed on unchanged.
 */
public final class WeightedMean {
  /** Entries of a block, whose sums stay in the cache while several states are added. */
  private static final int BLOCK = 4096;

  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private final Map<String, float[]> own = new LinkedHashMap<>();
  private final boolean allCores;
  private Map<String, Integer> lengths = Map.of();
  private Weighted alone;
  private long steps;
  private double total;

  private WeightedMean(boolean allCores) {
    this.allCores = allCores;
  }

  /** For a task, which shares its machine with others. Gives the same bits as all cores. */
  static WeightedMean onOneCore() {
    return new WeightedMean(false);
  }

  /** For the driver. */
  public static WeightedMean onAllCores() {
    return new WeightedMean(true);
  }

  /**
   * A worker's state and its weight.
   *
   * @param examples the weight, at least 1
   * @param state its sections; those that belong to the worker alone are passed on unchanged
   */
  public record Weighted(int examples, ModelState state) {}

  /**
   * Adds the states of the next workers. Several at once take less time than one after the other,
   * and give the same bits.
   *
   * @param states at least one, in worker order
   * @throws IllegalArgumentException when sections or step counts differ; then none of these is
   *     added
   */
  public void add(List<Weighted> states) {
    if (total == 0) {
      steps = states.get(0).state().steps();
      lengths = lengths(states.get(0).state());
    }
    for (Weighted weighted : states) {
      if (weighted.state().steps() != steps || !lengths(weighted.state()).equals(lengths)) {
        throw new IllegalArgumentException("updates of different rounds or models");
      }
    }
    for (Weighted weighted : states) {
      ModelState state = weighted.state();
      for (String name : state.names()) {
        if (ModelState.isOwn(name)) {
          own.put(name, state.section(name));
        }
      }
      total += weighted.examples();
    }
    List<Weighted> due =
        alone == null ? states : Stream.concat(Stream.of(alone), states.stream()).toList();
    if (sums.isEmpty() && due.size() == 1) {
      // If there is only one worker, there is nothing to add up.
      alone = due.get(0);
      return;
    }
    boolean first = sums.isEmpty();
    if (first) {
      lengths.forEach((name, length) -> sums.put(name, new double[length]));
    }
    alone = null;
    sums.forEach((name, sum) -> inBlocks(sum.length, block -> add(first, due, name, block)));
  }

  private void add(boolean first, List<Weighted> states, String name, Block block) {
    double[] sum = sums.get(name);
    if (first) {
      // The neutral element of addition: unlike 0, it preserves a negative zero.
      Arrays.fill(sum, block.from(), block.to(), -0.0);
    }
    for (Weighted weighted : states) {
      double weight = weighted.examples();
      float[] section = weighted.state().section(name);
      for (int i = block.from(); i < block.to(); i++) {
        sum[i] += weight * section[i];
      }
    }
  }

  private void inBlocks(int length, Consumer<Block> loop) {
    IntStream blocks = IntStream.range(0, (length + BLOCK - 1) / BLOCK);
    (allCores ? blocks.parallel() : blocks)
        .mapToObj(block -> new Block(block * BLOCK, Math.min(length, block * BLOCK + BLOCK)))
        .forEach(loop);
  }

  /** The entries from one, inclusive, to another, exclusive. */
  private record Block(int from, int to) {}

  /** The number of entries of each section that is averaged, in the order of the sections. */
  private static Map<String, Integer> lengths(ModelState state) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    for (String name : state.names()) {
      if (!ModelState.isOwn(name)) {
        lengths.put(name, state.section(name).length);
      }
    }
    return lengths;
  }

  /**
   * The mean of all states added.
   *
   * @throws IllegalArgumentException when there are none
   */
  public ModelState value() {
    if (total == 0) {
      throw new IllegalArgumentException("no updates to average");
    }
    Map<String, float[]> means = new LinkedHashMap<>();
    lengths.keySet().forEach(name -> means.put(name, mean(name)));
    means.putAll(own);
    return new ModelState(steps, means);
  }

  private float[] mean(String name) {
    if (alone != null) {
      return alone.state().section(name);
    }
    double[] sum = sums.get(name);
    float[] mean = new float[sum.length];
    inBlocks(sum.length, block -> divide(sum, block, mean));
    return mean;
  }

  private void divide(double[] sum, Block block, float[] mean) {
    for (int i = block.from(); i < block.to(); i++) {
      mean[i] = (float) (sum[i] / total);
    }
  }
}
