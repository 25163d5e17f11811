package io.involution.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One figure of complete cells, in groups of like settings, each beginning with the network. */
final class Figures {
  private final Map<List<String>, List<Figure>> groups = new LinkedHashMap<>();

  /**
   * A cell's.
   *
   * @param seed the cell's seed
   * @param value the figure
   */
  private record Figure(String seed, double value) {}

  /**
   * Groups the cells that have the figure.
   *
   * @param rows complete cells
   * @param keys names of the settings by which they are alike
   * @param metric name of the figure
   */
  Figures(List<LedgerRow> rows, List<String> keys, String metric) {
    for (LedgerRow row : rows) {
      row.results()
          .fields()
          .forEachRemaining(
              model -> {
                JsonNode value = model.getValue().path(metric);
                if (value.isNumber()) {
                  List<String> group = new ArrayList<>(List.of(model.getKey()));
                  keys.forEach(key -> group.add(row.setting(key)));
                  groups
                      .computeIfAbsent(group, key -> new ArrayList<>())
                      .add(new Figure(row.setting("seed"), value.asDouble()));
                }
              });
    }
  }

  /** The groups in the order of their first cells. */
  Set<List<String>> groups() {
    return groups.keySet();
  }

  /** The figures of a group. */
  List<Double> of(List<String> group) {
    return groups.getOrDefault(group, List.of()).stream().map(Figure::value).toList();
  }

  /**
   * The same by seed.
   *
   * @param option what put the group together, for the error line
   * @throws InputException when a seed has several
   */
  Map<String, Double> bySeed(List<String> group, String option) {
    Map<String, Double> bySeed = new LinkedHashMap<>();
    for (Figure figure : groups.getOrDefault(group, List.of())) {
      if (bySeed.put(figure.seed(), figure.value()) != null) {
        throw new InputException(
            "%s puts several cells of seed %s into one group: name more settings, so that --against can compare seed by seed"
                .formatted(option, figure.seed()));
      }
    }
    return bySeed;
  }
}
