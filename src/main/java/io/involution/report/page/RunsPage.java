package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.chart.DotChart;
import io.involution.report.run.RunGroups;
import io.involution.report.run.RunGroups.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The page of several runs: runs that differ only in the seed are grouped, with mean and spread.
 */
public final class RunsPage {
  private static final String ACCURACY = "/test_accuracy";
  private static final int LONGEST_LABEL = 60;

  private final List<Group> groups;
  private final List<Chart> charts = new ArrayList<>();
  private final byte[] html;

  /** Creates the page. */
  public RunsPage(RunGroups runs) {
    this.groups = runs.groups();
    html =
        PageFrame.of(
            String.format(Locale.ROOT, "Involution and convolution: %d runs", runs.runs().size()),
            new RunsHead(runs, charts).html(),
            List.of(means(), new RunsSection(runs).html()));
  }

  /** The page as one file. */
  public byte[] html() {
    return html.clone();
  }

  /** The charts on it. */
  public List<Chart> charts() {
    return charts;
  }

  private Html means() {
    List<String> columns =
        List.of("Network", "Runs", "Test accuracy", "Test loss", "Images/s", "Seconds");
    Table table = new Table("Mean over seeds, ± sample standard deviation", columns).style("runs");
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      List<Html> cells = new ArrayList<>();
      String place = "derived/group/" + i;
      cells.add(Value.count(group.members().size(), place + "/runs").html());
      cells.add(
          spread(
              group,
              value -> Value.percent(value, place + "/mean" + ACCURACY),
              value -> Value.percent(value, place + "/sd" + ACCURACY),
              ACCURACY));
      for (String pointer : List.of("/test_loss", "/examples_per_second", "/seconds")) {
        int decimals = pointer.equals("/test_loss") ? 4 : pointer.equals("/seconds") ? 1 : 0;
        cells.add(
            spread(
                group,
                value -> Value.decimal(value, decimals, place + "/mean" + pointer),
                value -> Value.decimal(value, decimals, place + "/sd" + pointer),
                pointer));
      }
      table.row(name(group), cells);
    }
    return Section.of(
        "groups",
        "What makes a difference",
        "Runs that differ only in the seed share a row: a circle per run, a bar at the mean,"
            + " and a line of one standard deviation on either side.",
        chart(),
        table.html("Means over seeds"));
  }

  /** A group's name and its settings. */
  private Html name(Group group) {
    return Html.of("div", numbered(group)).add(Html.of("div", group.label()).style("small"));
  }

  /** A group's name: the network and, if it has several, the group's number. */
  private String numbered(Group group) {
    List<Group> same =
        groups.stream().filter(other -> other.network().equals(group.network())).toList();
    return same.size() == 1 ? group.network() : group.network() + " " + (same.indexOf(group) + 1);
  }

  /** What the chart calls a group: its settings if they are short. */
  private String label(Group group) {
    String label = group.network() + (group.label().isEmpty() ? "" : ", " + group.label());
    return label.length() <= LONGEST_LABEL ? label : numbered(group);
  }

  private static Html spread(
      Group group, Function<Double, Value> mean, Function<Double, Value> spread, String pointer) {
    List<Double> numbers = group.numbers(pointer);
    Html cell = Html.of("span").add(mean.apply(RunGroups.mean(numbers)).html());
    Double deviation = RunGroups.deviation(numbers);
    return deviation == null
        ? cell
        : cell.text(" ")
            .add(Html.of("span", "± ").style("spread").add(spread.apply(deviation).html()));
  }

  private Html chart() {
    DotChart dots = new DotChart();
    for (Group group : groups) {
      List<Double> numbers = group.numbers(ACCURACY);
      Double spread = RunGroups.deviation(numbers);
      if (!numbers.isEmpty()) {
        dots.row(
            label(group),
            group.members().get(0).color(),
            numbers,
            RunGroups.mean(numbers),
            spread == null ? 0 : spread);
      }
    }
    Chart chart =
        dots.draw(
            "test accuracy",
            "runs-accuracy",
            "Test accuracy of every run by group; the tables below have all values.");
    return Section.chart(chart, Html.of("figcaption", "Test accuracy"), charts)
        .style("wide whole")
        .with("tabindex", "0");
  }
}
