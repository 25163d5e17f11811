package io.involution.train;

import io.involution.model.ModelState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The example-weighted mean of the workers' states, or of the same slice of each, every section
 * entry by entry. Entries are summed in float64 in worker order, so that the result depends on the
 * workers alone, and one worker's mean is its own state to the bit. An entry's mean depends on no
 * other entry: the means of slices, put together, are the mean of the whole. Sections that workers
 * keep for themselves go along as they are.
 */
public final class WeightedMean {
  /** Entries of a block: its sums take 32 KiB. */
  private static final int BLOCK = 4096;

  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private final Map<String, float[]> own = new LinkedHashMap<>();
  private long steps;
  private double total;

  /**
   * Averages a round's updates, on all cores and block by block, so that no sum leaves the cache.
   *
   * @param updates one a worker, in worker order, each of at least one example
   * @throws IllegalArgumentException when there are none, or their sections or step counts differ
   */
  public static ModelState of(List<WorkerUpdate> updates) {
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("no updates to average");
    }
    ModelState first = updates.get(0).state();
    double total = 0;
    for (WorkerUpdate update : updates) {
      checkAlike(update.state(), first.steps(), shared(first));
      total += update.report().examples();
    }
    Map<String, float[]> means = new LinkedHashMap<>();
    for (String name : first.names()) {
      if (!ModelState.isOwn(name)) {
        means.put(name, mean(updates, name, total));
      }
    }
    updates.forEach(update -> keepOwn(update.state(), means));
    return new ModelState(first.steps(), means);
  }

  private static float[] mean(List<WorkerUpdate> updates, String name, double total) {
    float[] mean = new float[updates.get(0).state().section(name).length];
    for (WorkerUpdate update : updates) {
      checkLength(update.state().section(name), mean.length);
    }
    IntStream.range(0, (mean.length + BLOCK - 1) / BLOCK)
        .parallel()
        .map(block -> block * BLOCK)
        .forEach(
            from -> {
              double[] sums = nothing(Math.min(BLOCK, mean.length - from));
              for (WorkerUpdate update : updates) {
                add(update.report().examples(), update.state().section(name), from, sums);
              }
              divide(sums, total, mean, from);
            });
    return mean;
  }

  /**
   * Adds the next worker's state, of which only sections are kept that are its own.
   *
   * @param examples its weight, at least 1
   * @param state its sections
   * @throws IllegalArgumentException when its sections or step count are not those of the others
   */
  public void add(int examples, ModelState state) {
    if (sums.isEmpty()) {
      begin(state);
    }
    checkAlike(state, steps, sums.keySet());
    for (Map.Entry<String, double[]> sum : sums.entrySet()) {
      float[] section = state.section(sum.getKey());
      checkLength(section, sum.getValue().length);
      add(examples, section, 0, sum.getValue());
    }
    keepOwn(state, own);
    total += examples;
  }

  private static void checkAlike(ModelState state, long steps, Set<String> names) {
    if (state.steps() != steps || !shared(state).equals(names)) {
      throw new IllegalArgumentException("updates of different rounds or models");
    }
  }

  private static void checkLength(float[] section, int length) {
    if (section.length != length) {
      throw new IllegalArgumentException("sections of " + section.length + " and " + length);
    }
  }

  private static void keepOwn(ModelState state, Map<String, float[]> kept) {
    state.names().stream()
        .filter(ModelState::isOwn)
        .forEach(name -> kept.put(name, state.section(name)));
  }

  private static Set<String> shared(ModelState state) {
    return state.names().stream()
        .filter(name -> !ModelState.isOwn(name))
        .collect(Collectors.toSet());
  }

  private void begin(ModelState first) {
    steps = first.steps();
    for (String name : first.names()) {
      if (!ModelState.isOwn(name)) {
        sums.put(name, nothing(first.section(name).length));
      }
    }
  }

  /** The sum of nothing: unlike 0, it leaves a negative zero as it is. */
  private static double[] nothing(int length) {
    double[] sums = new double[length];
    Arrays.fill(sums, -0.0);
    return sums;
  }

  private static void add(double weight, float[] section, int from, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * section[from + i];
    }
  }

  /**
   * The mean of what was added.
   *
   * @throws IllegalArgumentException when nothing was
   */
  public ModelState value() {
    if (sums.isEmpty()) {
      throw new IllegalArgumentException("no updates to average");
    }
    Map<String, float[]> means = new LinkedHashMap<>();
    sums.forEach(
        (name, sum) -> {
          float[] mean = new float[sum.length];
          divide(sum, total, mean, 0);
          means.put(name, mean);
        });
    means.putAll(own);
    return new ModelState(steps, means);
  }

  private static void divide(double[] sums, double total, float[] mean, int from) {
    for (int i = 0; i < sums.length; i++) {
      mean[from + i] = (float) (sums[i] / total);
    }
  }
}
