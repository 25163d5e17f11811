package io.involution.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The Grafana dashboard of this project.
 *
 * @param json the whole of it
 */
record Dashboard(JsonNode json) {
  static final Path FILE = Path.of("conf/grafana-dashboard.json");

  private static final Pattern METRIC = Pattern.compile("involution_\\w+");

  static Dashboard read() throws IOException {
    return new Dashboard(Json.MAPPER.readTree(FILE.toFile()));
  }

  List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    json.get("panels").forEach(panels::add);
    return panels;
  }

  List<JsonNode> variables() {
    List<JsonNode> variables = new ArrayList<>();
    json.at("/templating/list").forEach(variables::add);
    return variables;
  }

  /** The queries of the panels. */
  List<String> queries() {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : panels()) {
      panel.get("targets").forEach(target -> queries.add(target.get("expr").asText()));
    }
    return queries;
  }

  /** The metrics that a query names. */
  static TreeSet<String> metrics(String query) {
    TreeSet<String> names = new TreeSet<>();
    METRIC.matcher(query).results().forEach(match -> names.add(match.group()));
    return names;
  }
}
