package io.involution.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tracking server has not taken yet, as it takes it: in bounded batches. */
final class MlflowBatch {
  /** Metrics of a request, fewer than every server takes together with the rest. */
  private static final int MOST_METRICS = 800;

  /** The longest value of a parameter that every server takes. */
  private static final int LONGEST = 500;

  private final List<Map<String, Object>> metrics = new ArrayList<>();
  private final List<Map<String, Object>> parameters = new ArrayList<>();
  private final List<Map<String, Object>> tags = new ArrayList<>();

  /** Adds a number of an epoch; null and what is no number add nothing. */
  void metric(String key, Double value, int epoch, long milliseconds) {
    if (value != null && Double.isFinite(value)) {
      metrics.add(Map.of("key", key, "value", value, "timestamp", milliseconds, "step", epoch));
    }
  }

  /** Adds an option; null adds nothing. */
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

  /** The next request's body; the same until {@link #taken}. */
  Map<String, Object> next(String run) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("run_id", run);
    body.put("metrics", List.copyOf(first()));
    body.put("params", List.copyOf(parameters));
    body.put("tags", List.copyOf(tags));
    return body;
  }

  /** Forgets what the last {@link #next} gave. */
  void taken() {
    first().clear();
    parameters.clear();
    tags.clear();
  }

  private List<Map<String, Object>> first() {
    return metrics.subList(0, Math.min(MOST_METRICS, metrics.size()));
  }
}
