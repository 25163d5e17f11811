package io.involution.experiment;

import io.involution.report.run.RunGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * By how much a metric of one setting is above that of another, seed by seed: what a seed does to
 * both cancels out.
 *
 * @param pairs seeds that both have
 * @param mean mean of the differences
 * @param margin half the 95 % interval of the mean, by Student's t distribution (the paired t
 *     test's); null of fewer than two pairs
 */
record PairedDifference(int pairs, double mean, Double margin) {
  private static final double UPPER_TAIL_FROM = 0.975;

  /**
   * The difference of two settings.
   *
   * @param metrics a metric by seed
   * @param baseline the same metric of what it is compared with, by seed
   * @return null where they have no seed in common
   */
  static PairedDifference of(Map<String, Double> metrics, Map<String, Double> baseline) {
    List<Double> differences = new ArrayList<>();
    metrics.forEach(
        (seed, metric) -> {
          if (baseline.containsKey(seed)) {
            differences.add(metric - baseline.get(seed));
          }
        });
    int pairs = differences.size();
    if (pairs == 0) {
      return null;
    }
    Double deviation = RunGroups.deviation(differences);
    Double margin =
        deviation == null
            ? null
            : Double.valueOf(
                new TDistribution(pairs - 1.0).inverseCumulativeProbability(UPPER_TAIL_FROM)
                    * deviation
                    / Math.sqrt(pairs));
    return new PairedDifference(pairs, RunGroups.mean(differences), margin);
  }
}
