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

  /** Sums by section and block; empty until the first states have been added up. */
  private final Map<String, double[][]> sums = new LinkedHashMap<>();

  private final Map<String, float[]> own = new LinkedHashMap<>();
  private final boolean allCores;
  private Map<String, Integer> lengths = Map.of();

  /** States that are not in the sums: the only one so far, or those that nobody follows. */
  private List<Weighted> last = List.of();

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
    addLast(states);
    if (sums.isEmpty() && last.size() == 1) {
      // If there is only one worker, there is nothing to add up.
      return;
    }
    List<Weighted> due = last;
    last = List.of();
    lengths.forEach(
        (name, length) -> {
          double[][] blocks = sums.computeIfAbsent(name, section -> new double[blocks(length)][]);
          inBlocks(length, block -> blocks[block.index()] = sum(name, block, due));
        });
  }

  /**
   * The same for the last workers, whose states are added in one pass with the division.
   *
   * @throws IllegalArgumentException when sections or step counts differ; then none of these is
   *     added
   */
  void addLast(List<Weighted> states) {
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
    last = Stream.concat(last.stream(), states.stream()).toList();
  }

  /** A block's sum with some more states; changes the sum so far. */
  private double[] sum(String name, Block block, List<Weighted> more) {
    double[] sum = sums.containsKey(name) ? sums.get(name)[block.index()] : null;
    if (sum == null) {
      sum = new double[block.length()];
      // The neutral element of addition: unlike 0, it preserves a negative zero.
      Arrays.fill(sum, -0.0);
    }
    for (Weighted weighted : more) {
      add(sum, weighted.state().section(name), block.from(), weighted.examples());
    }
    return sum;
  }

  private static void add(double[] sum, float[] section, int from, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * section[from + i];
    }
  }

  private void inBlocks(int length, Consumer<Block> loop) {
    IntStream blocks = IntStream.range(0, blocks(length));
    (allCores ? blocks.parallel() : blocks)
        .mapToObj(index -> new Block(index, index * BLOCK, Math.min(BLOCK, length - index * BLOCK)))
        .forEach(loop);
  }

  private static int blocks(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** Some entries of a section: their block's number, the first one, and how many. */
  private record Block(int index, int from, int length) {}

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
   * The mean of all states added; to be asked for once.
   *
   * @throws IllegalArgumentException when there are none
   */
  public ModelState value() {
    if (total == 0) {
      throw new IllegalArgumentException("no updates to average");
    }
    Map<String, float[]> means = new LinkedHashMap<>();
    lengths.forEach((name, length) -> means.put(name, mean(name, length)));
    means.putAll(own);
    return new ModelState(steps, means);
  }

  private float[] mean(String name, int length) {
    if (sums.isEmpty() && last.size() == 1) {
      return last.get(0).state().section(name);
    }
    float[] mean = new float[length];
    inBlocks(length, block -> divide(sum(name, block, last), mean, block.from()));
    return mean;
  }

  private void divide(double[] sum, float[] mean, int from) {
    for (int i = 0; i < sum.length; i++) {
      mean[from + i] = (float) (sum[i] / total);
    }
  }
}
