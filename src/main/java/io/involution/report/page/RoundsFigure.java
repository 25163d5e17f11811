package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.metrics.RoundRow;
import io.involution.report.chart.Chart;
import io.involution.report.chart.LineChart;
import io.involution.report.chart.LineChart.Axis;
import io.involution.report.chart.LineChart.Point;
import io.involution.report.run.ClusterEvents;
import io.involution.report.run.ClusterEvents.Event;
import io.involution.report.run.ModelData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The throughput of a network's rounds over time, with lost executors and resumes. */
final class RoundsFigure {
  /** Points of the line at most; if there are more rounds, neighbors are averaged. */
  private static final int MOST_POINTS = 300;

  private final ModelData model;
  private final List<Double> ends = new ArrayList<>();

  RoundsFigure(ModelData model) {
    this.model = model;
    double seconds = 0;
    int epoch = 1;
    for (RoundRow round : model.rounds()) {
      while (epoch < round.epoch()) {
        seconds += evaluation(epoch);
        epoch++;
      }
      seconds += round.seconds().total();
      ends.add(seconds);
    }
  }

  Html html(List<Chart> charts) {
    List<Point> points = points();
    double most = points.stream().mapToDouble(Point::y).max().orElse(1);
    LineChart line =
        new LineChart(
            new Axis("seconds", 0, ends.get(ends.size() - 1), false),
            new Axis("", 0, most * 1.1, false));
    line.line("images per second", model.color(), false, points);
    List<Event> events = ClusterEvents.of(model);
    for (Event event : events) {
      line.moment(ends.get(event.round()), event.lost() ? "lost" : "resumed", event.lost());
    }
    String text =
        String.format(
            Locale.ROOT,
            "Line chart of the %s network's training images per second, round by round; %d events.",
            model.name(),
            events.size());
    Chart chart = line.draw("rounds-" + model.name(), text);
    String caption = model.title() + ": images per second, round by round";
    return Section.chart(chart, Section.dotted("figcaption", model, caption), charts)
        .add(list(events));
  }

  private Html list(List<Event> events) {
    if (events.isEmpty()) {
      return Html.of("p", "No executor was lost, and the run was not resumed.").style("small");
    }
    Html list = Html.of("ul").style("small");
    for (Event event : events) {
      RoundRow round = model.rounds().get(event.round());
      list.add(
          Html.of(
              "li",
              String.format(
                  Locale.ROOT,
                  "epoch %d, round %d: %s",
                  round.epoch(),
                  round.round(),
                  event.text())));
    }
    return list;
  }

  private List<Point> points() {
    List<RoundRow> rounds = model.rounds();
    int together = (rounds.size() + MOST_POINTS - 1) / MOST_POINTS;
    List<Point> points = new ArrayList<>();
    for (int from = 0; from < rounds.size(); from += together) {
      List<RoundRow> part = rounds.subList(from, Math.min(rounds.size(), from + together));
      double seconds = part.stream().mapToDouble(row -> row.seconds().total()).sum();
      double examples = part.stream().mapToDouble(RoundRow::examples).sum();
      if (seconds > 0) {
        points.add(new Point(ends.get(from + part.size() - 1), examples / seconds));
      }
    }
    return points;
  }

  private double evaluation(int epoch) {
    return model.epochs().stream()
        .filter(row -> row.epoch() == epoch)
        .mapToDouble(EpochRow::evaluateSeconds)
        .sum();
  }
}
