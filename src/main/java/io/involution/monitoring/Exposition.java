package io.involution.monitoring;

import io.involution.failure.PlainText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one moment, in Prometheus's text format. A value that is not known (NaN) is left
 * out, and a metric without values too.
 */
final class Exposition {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<Metric, List<String>> lines = new EnumMap<>(Metric.class);

  /**
   * Adds a value.
   *
   * @param labels names and values of its labels, in turn
   */
  void add(Metric metric, double value, List<String> labels) {
    if (!Double.isNaN(value)) {
      lines
          .computeIfAbsent(metric, name -> new ArrayList<>())
          .add(metric.title() + "{" + shown(labels) + "} " + value + "\n");
    }
  }

  private static String shown(List<String> labels) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < labels.size(); i += 2) {
      String value = PlainText.line(labels.get(i + 1)).replace("\\", "\\\\").replace("\"", "\\\"");
      shown.add(labels.get(i) + "=\"" + value + "\"");
    }
    return String.join(",", shown);
  }

  /** All of it. */
  String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (metric, values) -> {
          text.append(metric.header());
          values.forEach(text::append);
        });
    return text.toString();
  }
}
