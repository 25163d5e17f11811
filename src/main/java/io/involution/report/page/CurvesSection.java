package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.report.chart.Chart;
import io.involution.report.chart.LineChart;
import io.involution.report.chart.LineChart.Axis;
import io.involution.report.chart.LineChart.Point;
import io.involution.report.run.ModelData;
import io.involution.report.run.ReferenceRun;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Loss and accuracy over epochs and over time, the networks side by side on equal axes. */
final class CurvesSection {
  private final RunData run;
  private final List<Chart> charts;
  private final double mostLoss;

  /** The section; its charts are added to the list. */
  CurvesSection(RunData run, List<Chart> charts) {
    this.run = run;
    this.charts = charts;
    this.mostLoss =
        run.models().stream()
                .flatMap(model -> model.epochs().stream())
                .flatMap(
                    row ->
                        Stream.of(row.testLoss(), Objects.requireNonNullElse(row.trainLoss(), 0.0)))
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1)
            * 1.05;
  }

  /** A quantity of an epoch: on test images, on training images. */
  private record Quantity(
      String name,
      boolean percent,
      Function<EpochRow, Double> test,
      Function<EpochRow, Double> train) {}

  private static final Quantity ACCURACY =
      new Quantity("accuracy", true, EpochRow::testAccuracy, EpochRow::trainAccuracy);
  private static final Quantity LOSS =
      new Quantity("loss", false, EpochRow::testLoss, EpochRow::trainLoss);

  Html html() {
    return Section.of(
        "curves",
        "How they learned",
        "",
        legend(),
        grid(ACCURACY, true),
        grid(LOSS, true),
        Html.of("h3", "The same over time").with("id", "time"),
        Html.of(
                "p",
                "Rounds and evaluations only: what a network spends for its accuracy on this cluster.")
            .style("about"),
        grid(ACCURACY, false),
        grid(LOSS, false),
        numbers());
  }

  private Html legend() {
    Html legend = Html.of("p").style("legend").with("aria-hidden", "true");
    return legend.add(
        Section.key("key solid", "test images"),
        Section.key("key dashed", "training images, while they were learned from"),
        Section.key("key note", "reference run's test accuracy"));
  }

  private Html grid(Quantity quantity, boolean byEpoch) {
    Html grid = Html.of("div").style("charts");
    for (ModelData model : run.models()) {
      if (!model.epochs().isEmpty()) {
        grid.add(panel(model, quantity, byEpoch));
      }
    }
    return grid;
  }

  private Html panel(ModelData model, Quantity quantity, boolean byEpoch) {
    Axis y = new Axis("", 0, quantity.percent() ? 1 : mostLoss, quantity.percent());
    LineChart lines = new LineChart(byEpoch ? epochs() : seconds(), y);
    lines.line("training", model.colour(), true, points(model, quantity.train(), byEpoch));
    lines.line("test", model.colour(), false, points(model, quantity.test(), byEpoch));
    if (quantity.percent()) {
      ReferenceRun.of(model.name()).ifPresent(reference -> lines.level(reference.testAccuracy()));
    }
    String name = "%s-%s-%s".formatted(quantity.name(), byEpoch ? "epochs" : "time", model.slug());
    Chart chart = lines.draw(name, alternative(model, quantity, byEpoch));
    charts.add(chart);
    return Html.of("figure")
        .add(
            Html.of("figcaption")
                .add(
                    Html.of("span").style("dot series-" + (model.colour() + 1)),
                    Html.of("span", model.title() + ": " + quantity.name())),
            Html.of("div").style("chart").trusted(chart.svg()));
  }

  private static String alternative(ModelData model, Quantity quantity, boolean byEpoch) {
    List<EpochRow> rows = model.epochs();
    Double first = quantity.test().apply(rows.get(0));
    Double last = quantity.test().apply(rows.get(rows.size() - 1));
    return "Line chart of the %s network's %s by %s. On test images from %s to %s; all values are in the table below the charts."
        .formatted(
            model.name(),
            quantity.name(),
            byEpoch ? "epoch" : "seconds of training",
            shown(first, quantity),
            shown(last, quantity));
  }

  private static String shown(Double value, Quantity quantity) {
    return quantity.percent()
        ? Figure.percent(value, "").shown()
        : Figure.decimal(value, 4, "").shown();
  }

  private Axis epochs() {
    double most = run.models().stream().mapToInt(model -> model.epochs().size()).max().orElse(1);
    return new Axis(LineChart.EPOCH, most > 1 ? 1 : 0, Math.max(2, most), false);
  }

  private Axis seconds() {
    double most =
        run.models().stream()
            .mapToDouble(model -> model.secondsUntil(Integer.MAX_VALUE))
            .max()
            .orElse(1);
    return new Axis("seconds", 0, most, false);
  }

  private static List<Point> points(
      ModelData model, Function<EpochRow, Double> value, boolean byEpoch) {
    List<Point> points = new ArrayList<>();
    double seconds = 0;
    for (EpochRow row : model.epochs()) {
      seconds += row.roundSeconds() + row.evaluateSeconds();
      Double known = value.apply(row);
      if (known != null && Double.isFinite(known)) {
        points.add(new Point(byEpoch ? row.epoch() : seconds, known));
      }
    }
    return points;
  }

  private Html numbers() {
    Html details = Section.details("All epochs in numbers");
    for (ModelData model : run.models()) {
      Table table =
          new Table(
              model.title() + " network, epoch by epoch",
              List.of(
                  "Epoch",
                  "Train accuracy",
                  "Test accuracy",
                  "Train loss",
                  "Test loss",
                  "Rounds",
                  "Evaluation"));
      for (EpochRow row : model.epochs()) {
        String place = "metrics.jsonl#/" + model.name() + "/epoch/" + row.epoch() + "/";
        table.figures(
            Figure.count(row.epoch(), place + "epoch").html(),
            List.of(
                Figure.percent(row.trainAccuracy(), place + "train_accuracy"),
                Figure.percent(row.testAccuracy(), place + "test_accuracy"),
                Figure.decimal(row.trainLoss(), 4, place + "train_loss"),
                Figure.decimal(row.testLoss(), 4, place + "test_loss"),
                Figure.duration(row.roundSeconds(), place + "round_seconds"),
                Figure.duration(row.evaluateSeconds(), place + "evaluate_seconds")));
      }
      details.add(table.html("Epochs of the " + model.name() + " network"));
    }
    return details;
  }
}
