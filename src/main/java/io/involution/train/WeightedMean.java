package io.involution.train;

import io.involution.model.ModelState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The example-weighted mean of the workers' states, every section entry by entry; sections that
 * workers keep for themselves go along as they are. Entries are summed in float64 in worker order,
 * so that the result depends on the workers alone, and one worker's mean is its own state to the
 * bit.
 */
public final class WeightedMean {
  private WeightedMean() {}

  /**
   * Averages a round's updates.
   *
   * @param updates one a worker, in worker order, each of at least one example
   * @throws IllegalArgumentException when there are none, or their sections or step counts differ
   */
  public static ModelState of(List<WorkerUpdate> updates) {
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("no updates to average");
    }
    ModelState first = updates.get(0).state();
    double examples = 0;
    for (WorkerUpdate update : updates) {
      examples += update.report().examples();
      if (update.state().steps() != first.steps()
          || !shared(update.state()).equals(shared(first))) {
        throw new IllegalArgumentException("updates of different rounds or models");
      }
    }
    Map<String, float[]> means = new LinkedHashMap<>();
    for (String name : shared(first)) {
      List<float[]> sections = new ArrayList<>();
      for (WorkerUpdate update : updates) {
        sections.add(update.state().section(name));
      }
      means.put(name, mean(sections, weights(updates), examples));
    }
    for (WorkerUpdate update : updates) {
      ModelState state = update.state();
      state.names().stream()
          .filter(ModelState::isOwn)
          .forEach(name -> means.put(name, state.section(name)));
    }
    return new ModelState(first.steps(), means);
  }

  private static List<String> shared(ModelState state) {
    return state.names().stream().filter(name -> !ModelState.isOwn(name)).toList();
  }

  private static double[] weights(List<WorkerUpdate> updates) {
    return updates.stream().mapToDouble(update -> update.report().examples()).toArray();
  }

  private static float[] mean(List<float[]> sections, double[] weights, double total) {
    int length = sections.get(0).length;
    double[] sums = new double[length];
    // The sum of nothing: unlike 0, it leaves a negative zero as it is.
    Arrays.fill(sums, -0.0);
    for (int worker = 0; worker < weights.length; worker++) {
      float[] section = sections.get(worker);
      if (section.length != length) {
        throw new IllegalArgumentException("sections of " + section.length + " and " + length);
      }
      double weight = weights[worker];
      for (int i = 0; i < length; i++) {
        sums[i] += weight * section[i];
      }
    }
    float[] mean = new float[length];
    for (int i = 0; i < length; i++) {
      mean[i] = (float) (sums[i] / total);
    }
    return mean;
  }
}
