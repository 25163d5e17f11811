package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Grafana's dashboard model asks for, and that queries and metrics belong together. */
class DashboardTest {
  private static final int COLUMNS = 24;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)\\}?");
  private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__all");

  private final Dashboard dashboard;

  DashboardTest() throws IOException {
    dashboard = Dashboard.read();
  }

  @Test
  void everyMetricIsShownAndNoOther() {
    Set<String> shown = new TreeSet<>();
    dashboard.queries().forEach(query -> shown.addAll(Dashboard.metrics(query)));

    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Metric.values()).map(Metric::title).toList());
  }

  @Test
  void canBeImportedWithAnyDataSource() {
    JsonNode json = dashboard.json();
    assertThat(json.get("schemaVersion").isInt()).isTrue();
    assertThat(json.get("title").asText()).isNotBlank();
    assertThat(json.get("uid").asText()).matches("[a-z-]{1,40}");
    assertThat(json.has("id")).as("Grafana's own number").isFalse();
    JsonNode first = dashboard.variables().get(0);
    assertThat(first.get("name").asText()).isEqualTo("datasource");
    assertThat(first.get("type").asText()).isEqualTo("datasource");
    assertThat(first.get("query").asText()).isEqualTo("prometheus");
    assertThat(json.findParents("uid"))
        .filteredOn(node -> !node.equals(json))
        .hasSizeGreaterThan(dashboard.panels().size())
        .allSatisfy(
            source -> {
              assertThat(source.get("type").asText()).isEqualTo("prometheus");
              assertThat(source.get("uid").asText()).isEqualTo("${datasource}");
            });
  }

  @Test
  void onlyItsOwnVariablesAreUsed() {
    Set<String> known = new HashSet<>(BUILT_IN);
    dashboard.variables().forEach(variable -> known.add(variable.get("name").asText()));
    Set<String> used =
        VARIABLE
            .matcher(dashboard.json().toString())
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toSet());

    assertThat(used).isEqualTo(known);
  }

  @Test
  void panelsLieSideBySide() {
    List<JsonNode> panels = dashboard.panels();
    Set<Integer> numbers = new HashSet<>();
    Set<List<Integer>> cells = new HashSet<>();
    for (JsonNode panel : panels) {
      assertThat(panel.get("type").asText()).isIn("stat", "timeseries");
      assertThat(panel.get("title").asText()).isNotBlank();
      assertThat(numbers.add(panel.get("id").intValue())).isTrue();
      JsonNode place = panel.get("gridPos");
      int right = place.get("x").intValue() + place.get("w").intValue();
      assertThat(right).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.get("x").intValue(); x < right; x++) {
        for (int y = 0; y < place.get("h").intValue(); y++) {
          assertThat(cells.add(List.of(x, place.get("y").intValue() + y)))
              .as("two panels in one place: %s", panel.get("title"))
              .isTrue();
        }
      }
      Set<String> references = new HashSet<>();
      panel
          .get("targets")
          .forEach(target -> assertThat(references.add(target.get("refId").asText())).isTrue());
    }
    int height = cells.stream().mapToInt(cell -> cell.get(1)).max().orElseThrow() + 1;
    assertThat(cells).as("no gaps").hasSize(COLUMNS * height);
  }
}
