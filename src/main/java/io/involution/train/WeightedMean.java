package io.involution.train;

import io.involution.model.ModelState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The example-weighted mean of the workers' states, or of the same slice of each, every section
 * entry by entry. Entries are summed in float64 in worker order, so that the result depends on the
 * workers alone, and one worker's mean is its own state to the bit. An entry's mean depends on no
 * other entry: the means of slices, put together, are the mean of the whole. Sections that workers
 * keep for themselves go along as they are.
 */
public final class WeightedMean {
  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private final Map<String, float[]> own = new LinkedHashMap<>();
  private long steps;
  private double total;

  /**
   * Averages a round's updates.
   *
   * @param updates one a worker, in worker order, each of at least one example
   * @throws IllegalArgumentException when there are none, or their sections or step counts differ
   */
  public static ModelState of(List<WorkerUpdate> updates) {
    WeightedMean mean = new WeightedMean();
    for (WorkerUpdate update : updates) {
      mean.add(update.report().examples(), update.state());
    }
    return mean.value();
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
    if (state.steps() != steps || !shared(state).equals(sums.keySet())) {
      throw new IllegalArgumentException("updates of different rounds or models");
    }
    for (Map.Entry<String, double[]> sum : sums.entrySet()) {
      add(examples, state.section(sum.getKey()), sum.getValue());
    }
    state.names().stream()
        .filter(ModelState::isOwn)
        .forEach(name -> own.put(name, state.section(name)));
    total += examples;
  }

  private static Set<String> shared(ModelState state) {
    return state.names().stream()
        .filter(name -> !ModelState.isOwn(name))
        .collect(Collectors.toSet());
  }

  private void begin(ModelState first) {
    steps = first.steps();
    for (String name : first.names()) {
      if (ModelState.isOwn(name)) {
        continue;
      }
      double[] sum = new double[first.section(name).length];
      // The sum of nothing: unlike 0, it leaves a negative zero as it is.
      Arrays.fill(sum, -0.0);
      sums.put(name, sum);
    }
  }

  private static void add(double weight, float[] section, double[] sum) {
    if (section.length != sum.length) {
      throw new IllegalArgumentException("sections of " + section.length + " and " + sum.length);
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * section[i];
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
    sums.forEach((name, sum) -> means.put(name, divided(sum, total)));
    means.putAll(own);
    return new ModelState(steps, means);
  }

  private static float[] divided(double[] sum, double total) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / total);
    }
    return mean;
  }
}
