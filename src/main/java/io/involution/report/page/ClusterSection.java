package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.metrics.RoundCosts;
import io.involution.report.chart.Chart;
import io.involution.report.chart.StackedBars;
import io.involution.report.run.ModelData;
import io.involution.report.run.RoundPoint;
import io.involution.report.run.RunData;
import io.involution.report.run.WorkerTotals;
import java.util.ArrayList;
import java.util.List;

/** The run as the cluster saw it: where a round's time goes, how even the workers are. */
final class ClusterSection {
  private static final List<String> PHASES =
      List.of(
          "local steps",
          "copy and receive",
          "broadcast",
          "schedule and collect",
          "average",
          "evaluate");

  private final List<ModelData> models;
  private final List<Chart> charts;

  /** The section; its charts are added to the list. */
  ClusterSection(RunData run, List<Chart> charts) {
    this.models = run.models().stream().filter(model -> model.costs().isPresent()).toList();
    this.charts = charts;
  }

  boolean isEmpty() {
    return models.isEmpty();
  }

  Html html() {
    Html section =
        Section.of(
            "cluster",
            "What the cluster did",
            "A round: the driver broadcasts the model, every worker takes its local steps, the"
                + " driver collects their updates and averages them. Means over all rounds but those"
                + " of the first epoch; the workers' parts are those of a round's slowest worker.",
            phaseChart(),
            phases().html("A round's time by phase"));
    Html rounds = Html.of("div").style("charts");
    for (ModelData model : models) {
      rounds.add(new RoundsFigure(model).html(charts));
    }
    section.add(Html.of("h3", "Rounds over time"), rounds);
    section.add(Html.of("h3", "Workers"), traffic().html("Bytes moved and skew"));
    for (ModelData model : models) {
      section.add(workers(model).html("Workers of the " + model.name() + " network"));
    }
    return section;
  }

  /** Milliseconds of a mean round by phase; evaluation is spread over an epoch's rounds. */
  private static List<Double> milliseconds(ModelData model) {
    RoundCosts costs = model.costs().orElseThrow();
    int from = model.epochs().size() > 1 ? 2 : 1;
    double evaluate =
        model.epochs().stream()
            .filter(row -> row.epoch() >= from)
            .mapToDouble(EpochRow::evaluateSeconds)
            .sum();
    return List.of(
        1000 * costs.steps(),
        1000 * (costs.copy() + costs.receive()),
        1000 * costs.broadcast(),
        1000 * costs.schedule(),
        1000 * costs.average(),
        1000 * evaluate / costs.rounds());
  }

  private Html phaseChart() {
    StackedBars bars = new StackedBars(PHASES);
    StringBuilder text = new StringBuilder("Stacked bars of a mean round's milliseconds by phase.");
    for (ModelData model : models) {
      List<Double> values = milliseconds(model);
      bars.bar(model.name(), values);
      text.append(
          " %s: %s in all."
              .formatted(
                  model.title(),
                  Figure.decimal(values.stream().mapToDouble(Double::doubleValue).sum(), 1, "")
                      .shown()));
    }
    Chart chart = bars.draw("milliseconds a round", "round-phases", text.toString());
    charts.add(chart);
    Html legend = Html.of("p").style("legend").with("aria-hidden", "true");
    for (int i = 0; i < PHASES.size(); i++) {
      legend.add(Section.key("swatch phase-" + (i + 1), PHASES.get(i)));
    }
    return Html.of("figure")
        .style("wide")
        .add(
            Html.of("figcaption", "Where a round's time goes"),
            legend,
            Html.of("div").style("chart").trusted(chart.svg()));
  }

  private Table phases() {
    List<String> columns = new ArrayList<>(List.of("Milliseconds a round"));
    models.forEach(model -> columns.add(model.title()));
    Table table = new Table("A round's time by phase", columns);
    for (int i = 0; i < PHASES.size(); i++) {
      List<Figure> cells = new ArrayList<>();
      for (ModelData model : models) {
        cells.add(
            Figure.decimal(
                milliseconds(model).get(i), 1, "derived/" + model.name() + "/phase/" + i));
      }
      table.figures(PHASES.get(i), cells);
    }
    return table;
  }

  private Table traffic() {
    List<String> columns = new ArrayList<>(List.of("All rounds"));
    models.forEach(model -> columns.add(model.title()));
    Table table = new Table("Bytes moved and skew", columns);
    List<Figure> rounds = new ArrayList<>();
    List<Figure> sent = new ArrayList<>();
    List<Figure> received = new ArrayList<>();
    List<Figure> skew = new ArrayList<>();
    List<Figure> straggler = new ArrayList<>();
    for (ModelData model : models) {
      String place = "derived/" + model.name() + "/";
      int workers = Math.max(1, model.costs().orElseThrow().workers());
      rounds.add(Figure.count(model.rounds().size(), place + "rounds"));
      sent.add(
          Figure.bytes(
              (double) workers * model.rounds().stream().mapToLong(RoundPoint::bytesSent).sum(),
              place + "bytes_to_workers"));
      received.add(
          Figure.bytes(
              (double) model.rounds().stream().mapToLong(RoundPoint::bytesReceived).sum(),
              place + "bytes_to_driver"));
      skew.add(Figure.percent(WorkerTotals.skew(model), place + "skew"));
      straggler.add(
          Figure.count(model.costs().orElseThrow().straggler().worker(), place + "straggler"));
    }
    return table
        .figures("Rounds", rounds)
        .figures("To the workers", sent)
        .figures("To the driver", received)
        .figures("Slowest worker's local steps beyond the mean", skew)
        .figures("Worker that was slowest most often", straggler);
  }

  private static Table workers(ModelData model) {
    Table table =
        new Table(
            model.title() + " network, worker by worker",
            List.of("Worker", "Device and place", "Images", "Images/s in steps", "Mean round"));
    for (WorkerTotals worker : WorkerTotals.of(model)) {
      String place = "derived/" + model.name() + "/worker/" + worker.worker() + "/";
      table.row(
          String.valueOf(worker.worker()),
          List.of(
              Html.of("div")
                  .add(
                      Html.of("div", String.join(", ", worker.devices())),
                      Html.of("div", place(worker)).style("small")),
              Figure.count(worker.examples(), place + "examples").html(),
              Figure.count(worker.examplesPerSecond(), place + "examples_per_second").html(),
              Figure.duration(worker.seconds() / worker.rounds(), place + "mean_round").html()));
    }
    return table;
  }

  private static String place(WorkerTotals worker) {
    return String.join(", ", worker.hosts())
        + ", executor "
        + String.join(", ", worker.executors());
  }
}
