package io.involution.experiment;

import io.involution.report.run.RunGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The difference of a metric between two settings, paired by seed: effects of the seed on both
 * cancel out.
 *
 * @param pairs number of seeds that both have
 * @param mean average difference
 * @param margin half the width of the 95 % confidence interval of the mean, from a paired t test;
 *     null with fewer than two pairs
 */
record PairedDifference(int pairs, double mean, Double margin) {
  private static final double UPPER_TAIL_FROM = 0.975;

  /**
   * Computes the difference between two settings.
   *
   * @param metrics a metric by seed
   * @param baseline the same metric of the baseline, by seed
   * @return null if they have no seed in common
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
