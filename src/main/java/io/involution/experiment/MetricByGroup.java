package io.involution.experiment;

import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One metric of the complete cells, grouped by settings; a group starts with the network's name.
 */
final class MetricByGroup {
  private final Map<List<String>, List<Sample>> groups = new LinkedHashMap<>();

  /**
   * The metric of one cell.
   *
   * @param seed the cell's seed
   * @param parameters the digest of what the network has learned; null if unknown
   * @param value the metric
   */
  private record Sample(String seed, String parameters, double value) {}

  /**
   * Groups the cells that have the metric. A network that several cells of a group have trained in
   * the same way, such as one of all networks and one of this one alone, counts once; not one that
   * was evaluated in two ways.
   *
   * @param rows complete cells
   * @param keys names of the settings that define a group
   * @param metric name of the metric
   */
  MetricByGroup(List<LedgerRow> rows, List<String> keys, String metric) {
    for (LedgerRow row : rows) {
      row.results()
          .forEach(
              (model, result) -> {
                Double value = result.numbers().get("/" + metric);
                if (value != null) {
                  List<String> group = new ArrayList<>(List.of(model));
                  keys.forEach(key -> group.add(row.setting(key)));
                  Sample sample = new Sample(row.setting("seed"), result.parametersSha256(), value);
                  List<Sample> known = groups.computeIfAbsent(group, key -> new ArrayList<>());
                  if (sample.parameters() == null || !known.contains(sample)) {
                    known.add(sample);
                  }
                }
              });
    }
  }

  /** The groups in the order of their first cells. */
  Set<List<String>> groups() {
    return groups.keySet();
  }

  /** The metric of a group's cells. */
  List<Double> of(List<String> group) {
    return groups.getOrDefault(group, List.of()).stream().map(Sample::value).toList();
  }

  /**
   * The metric of a group's cells by seed.
   *
   * @param option the option that formed the group, for the error message
   * @throws InputException if a seed has several cells
   */
  Map<String, Double> bySeed(List<String> group, String option) {
    Map<String, Double> bySeed = new LinkedHashMap<>();
    for (Sample sample : groups.getOrDefault(group, List.of())) {
      if (bySeed.put(sample.seed(), sample.value()) != null) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s puts several cells with seed %s into one group: name more settings, so that"
                    + " --against can compare seed by seed",
                option,
                sample.seed()));
      }
    }
    return bySeed;
  }
}
