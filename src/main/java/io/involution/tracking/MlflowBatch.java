package io.involution.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Data that a tracking server has not received yet, sent in batches of limited size. */
final class MlflowBatch {
  /** Number of metrics in a request, low enough for every server together with the rest. */
  private static final int MOST_METRICS = 800;

  /** The longest parameter value that every server accepts. */
  private static final int LONGEST = 500;

  private final List<Map<String, Object>> metrics = new ArrayList<>();
  private final List<Map<String, Object>> parameters = new ArrayList<>();
  private final List<Map<String, Object>> tags = new ArrayList<>();

  /** Adds a metric of an epoch; ignores null, NaN and infinite values. */
  void metric(String key, Double value, int epoch, long milliseconds) {
    if (value != null && Double.isFinite(value)) {
      metrics.add(Map.of("key", key, "value", value, "timestamp", milliseconds, "step", epoch));
    }
  }

  /** Adds an option; ignores null. */
  void parameter(String key, Object value) {
    if (value != null) {
      String text = String.valueOf(value);
      parameters.add(
          Map.of("key", key, "value", text.substring(0, Math.min(LONGEST, text.length()))));
    }
  }

  /** Adds a tag. */
  void tag(String key, String value) {
    tags.add(Map.of("key", key, "value", value));
  }

  boolean isEmpty() {
    return metrics.isEmpty() && parameters.isEmpty() && tags.isEmpty();
  }

  /** The body of the next request; unchanged until {@link #taken} is called. */
  Map<String, Object> next(String run) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("run_id", run);
    body.put("metrics", List.copyOf(first()));
    body.put("params", List.copyOf(parameters));
    body.put("tags", List.copyOf(tags));
    return body;
  }

  /** Removes what the last {@link #next} returned. */
  void taken() {
    first().clear();
    parameters.clear();
    tags.clear();
  }

  private List<Map<String, Object>> first() {
    return metrics.subList(0, Math.min(MOST_METRICS, metrics.size()));
  }
}
