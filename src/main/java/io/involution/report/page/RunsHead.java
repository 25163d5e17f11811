package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.run.RunGroups;
import io.involution.report.run.RunGroups.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The head of a page of several runs: the accuracy of each network, and what the runs share. */
final class RunsHead {
  private static final String ACCURACY = "/test_accuracy";

  private final RunGroups runs;
  private final List<Group> groups;
  private final List<Chart> charts;

  /** The head; its charts are added to the list. */
  RunsHead(RunGroups runs, List<Chart> charts) {
    this.runs = runs;
    this.groups = runs.groups();
    this.charts = charts;
  }

  Html html() {
    Html facts = Html.of("dl").style("facts");
    fact(facts, "runs", number());
    runs.shared()
        .forEach(
            (name, value) ->
                fact(facts, name, Section.quoted("span", value, "run/0/" + RunGroups.place(name))));
    return Html.of("header")
        .add(
            Html.of("p", "Involution and convolution by parameter averaging on Spark")
                .style("kicker"),
            headline(),
            Html.of("div").style("charts").add(new TradeOffs(trained()).figures(charts)),
            Html.of("p", "All these runs have in common:").style("about"),
            facts);
  }

  /** Each network of several, by its best group's mean. */
  private List<TradeOffs.Trained> trained() {
    return best().stream()
        .map(
            group ->
                new TradeOffs.Trained(
                    groups.get(group).network(), groups.get(group).members().get(0), mean(group)))
        .toList();
  }

  /** The mean accuracy of each network, of its best group if it has several; the best first. */
  private Html headline() {
    List<Integer> best = best();
    if (best.isEmpty()) {
      return Html.of("h1", "None of these runs has a result yet");
    }
    Html headline =
        Html.of("h1")
            .text(groups.size() > best.size() ? "Best mean" : "Mean")
            .text(" test accuracy of ")
            .add(number())
            .text(" runs");
    String before = ": ";
    for (int group : best) {
      headline
          .text(before + groups.get(group).network() + " ")
          .add(Value.percent(mean(group), "derived/group/" + group + "/mean" + ACCURACY));
      before = ", ";
    }
    return headline;
  }

  private List<Integer> best() {
    Map<String, Integer> best = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Integer before = best.get(groups.get(i).network());
      if (mean(i) != null && (before == null || mean(i) > mean(before))) {
        best.put(groups.get(i).network(), i);
      }
    }
    List<Integer> sorted = new ArrayList<>(best.values());
    sorted.sort(Comparator.comparing(this::mean).reversed());
    return sorted;
  }

  private Double mean(int group) {
    return RunGroups.mean(groups.get(group).numbers(ACCURACY));
  }

  private Html number() {
    return Value.count(runs.runs().size(), "derived/runs").html();
  }

  private static void fact(Html facts, String name, Html value) {
    facts.add(Html.of("div").add(Html.of("dt", name), Html.of("dd").add(value)));
  }
}
