package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.RoundRow;
import io.involution.report.chart.Chart;
import io.involution.report.chart.StackedBars;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.report.run.WorkerTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** The run on the cluster: where a round's time goes, and how evenly the workers share it. */
final class ClusterSection {
  private static final List<String> PHASES =
      List.of(
          "local steps",
          "receive and copy",
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
            "On the cluster",
            "In a round, the driver broadcasts the model, every worker takes its local steps, and"
                + " the driver collects the updates and averages them. Times are averages over all"
                + " rounds except those of the first epoch; worker times are those of a round's"
                + " slowest worker.",
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

  /** Milliseconds of an average round by phase; evaluation is spread over an epoch's rounds. */
  private static List<Double> milliseconds(ModelData model) {
    RoundCosts costs = costs(model);
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
    StringBuilder text =
        new StringBuilder("Stacked bars: milliseconds of an average round by phase.");
    for (ModelData model : models) {
      List<Double> values = milliseconds(model);
      bars.bar(model.name(), values);
      text.append(
          String.format(
              Locale.ROOT,
              " %s: %s in total.",
              model.title(),
              Value.decimal(values.stream().mapToDouble(Double::doubleValue).sum(), 1, "")
                  .shown()));
    }
    Chart chart = bars.draw("milliseconds per round", "round-phases", text.toString());
    Html legend = Section.legend();
    for (int i = 0; i < PHASES.size(); i++) {
      legend.add(Section.key("swatch phase-" + (i + 1), PHASES.get(i)));
    }
    Html caption = Html.of("figcaption", "Where a round's time goes");
    return Section.chart(chart, caption, charts, legend).style("wide");
  }

  private Table phases() {
    Table table = table("A round's time by phase", "Milliseconds per round");
    for (int i = 0; i < PHASES.size(); i++) {
      int phase = i;
      row(
          table,
          PHASES.get(i),
          (model, place) ->
              Value.decimal(milliseconds(model).get(phase), 1, place + "phase/" + phase));
    }
    return table;
  }

  private Table traffic() {
    Table table = table("Bytes moved and skew", "All rounds");
    row(table, "Rounds", (model, place) -> Value.count(model.rounds().size(), place + "rounds"));
    row(
        table,
        "To the workers",
        (model, place) -> Value.bytes(sent(model), place + "bytes_to_workers"));
    row(
        table,
        "To the driver",
        (model, place) ->
            Value.bytes(sum(model, RoundRow::bytesReceived), place + "bytes_to_driver"));
    row(
        table,
        "Slowest worker's local steps beyond the average",
        (model, place) -> Value.percent(skew(model), place + "skew"));
    row(
        table,
        "Worker that was slowest most often",
        (model, place) -> Value.count(costs(model).straggler().worker(), place + "straggler"));
    return table;
  }

  private Table table(String caption, String head) {
    List<String> columns = new ArrayList<>(List.of(head));
    models.forEach(model -> columns.add(model.title()));
    return new Table(caption, columns);
  }

  private void row(Table table, String head, BiFunction<ModelData, String, Value> value) {
    table.values(
        head,
        models.stream().map(model -> value.apply(model, "derived/" + model.name() + "/")).toList());
  }

  private static RoundCosts costs(ModelData model) {
    return model.costs().orElseThrow();
  }

  private static double sent(ModelData model) {
    return Math.max(1, costs(model).workers()) * sum(model, RoundRow::bytesSent);
  }

  /** By how much the slowest worker's local steps exceed the average, averaged over all rounds. */
  private static double skew(ModelData model) {
    return model.rounds().stream().mapToDouble(round -> round.skew() - 1).sum()
        / model.rounds().size();
  }

  private static double sum(ModelData model, ToLongFunction<RoundRow> bytes) {
    return model.rounds().stream().mapToLong(bytes).sum();
  }

  private static Table workers(ModelData model) {
    Table table =
        new Table(
            model.title() + " network by worker",
            List.of(
                "Worker", "Device and host", "Images", "Images/s in local steps", "Average round"));
    for (WorkerTotals worker : WorkerTotals.of(model)) {
      String place = "derived/" + model.name() + "/worker/" + worker.worker() + "/";
      table.row(
          String.valueOf(worker.worker()),
          List.of(
              Html.of("div")
                  .add(
                      Html.of("div", String.join(", ", worker.devices())),
                      Html.of("div", place(worker)).style("small")),
              Value.count(worker.examples(), place + "examples").html(),
              Value.count(worker.examplesPerSecond(), place + "examples_per_second").html(),
              Value.duration(worker.seconds() / worker.rounds(), place + "mean_round").html()));
    }
    return table;
  }

  private static String place(WorkerTotals worker) {
    return String.join(", ", worker.hosts())
        + ", executor "
        + String.join(", ", worker.executors());
  }
}
