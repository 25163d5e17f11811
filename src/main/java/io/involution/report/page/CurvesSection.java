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
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Loss and accuracy by epoch and over time, the networks side by side on the same axes. */
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
                .flatMap(row -> Stream.of(row.testLoss(), row.trainLoss()))
                .filter(Objects::nonNull)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1)
            * 1.05;
  }

  /** A metric of an epoch, on test and on training images. */
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
        "Learning curves",
        "",
        legend(),
        grid(ACCURACY, true),
        grid(LOSS, true),
        Html.of("h3", "The same over time").with("id", "time"),
        Html.of(
                "p",
                "Wall time of rounds and evaluations: what each network's accuracy costs on this"
                    + " cluster.")
            .style("about"),
        grid(ACCURACY, false),
        grid(LOSS, false),
        numbers());
  }

  private Html legend() {
    Html legend =
        Section.legend(
            Section.key("key solid", "test images"),
            Section.key("key dashed", "training images, averaged while training"));
    return run.models().stream().anyMatch(model -> ReferenceRun.of(run, model).isPresent())
        ? legend.add(Section.key("key note", "reference run's test accuracy"))
        : legend;
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
    lines.line("training", model.color(), true, points(model, quantity.train(), byEpoch));
    lines.line("test", model.color(), false, points(model, quantity.test(), byEpoch));
    if (quantity.percent()) {
      ReferenceRun.of(run, model).ifPresent(reference -> lines.level(reference.testAccuracy()));
    }
    String name =
        String.format(
            Locale.ROOT, "%s-%s-%s", quantity.name(), byEpoch ? "epochs" : "time", model.name());
    Chart chart = lines.draw(name, alternative(model, quantity, byEpoch));
    String caption = model.title() + ": " + quantity.name();
    return Section.chart(chart, Section.dotted("figcaption", model, caption), charts);
  }

  private static String alternative(ModelData model, Quantity quantity, boolean byEpoch) {
    List<Double> values =
        model.epochs().stream().map(quantity.test()).filter(Objects::nonNull).toList();
    Double first = values.isEmpty() ? null : values.get(0);
    Double last = values.isEmpty() ? null : values.get(values.size() - 1);
    return String.format(
        Locale.ROOT,
        "Line chart of the %s network's %s by %s. On test images from %s to %s; the table below the"
            + " charts has all values.",
        model.name(),
        quantity.name(),
        byEpoch ? "epoch" : "seconds of training",
        shown(first, quantity),
        shown(last, quantity));
  }

  private static String shown(Double value, Quantity quantity) {
    return quantity.percent()
        ? Value.percent(value, "").shown()
        : Value.decimal(value, 4, "").shown();
  }

  private Axis epochs() {
    double most =
        run.models().stream().mapToDouble(model -> run.end(model.epochs().size())).max().orElse(1);
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

  private List<Point> points(ModelData model, Function<EpochRow, Double> value, boolean byEpoch) {
    List<Point> points = new ArrayList<>();
    double seconds = 0;
    for (EpochRow row : model.epochs()) {
      seconds += row.seconds();
      Double known = value.apply(row);
      if (known != null && Double.isFinite(known)) {
        points.add(new Point(byEpoch ? run.end(row.epoch()) : seconds, known));
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
        table.values(
            Value.epoch(row.epoch(), run, place + "epoch").html(),
            List.of(
                Value.percent(row.trainAccuracy(), place + "train_accuracy"),
                Value.percent(row.testAccuracy(), place + "test_accuracy"),
                Value.decimal(row.trainLoss(), 4, place + "train_loss"),
                Value.decimal(row.testLoss(), 4, place + "test_loss"),
                Value.duration(row.roundSeconds(), place + "round_seconds"),
                Value.duration(row.evaluateSeconds(), place + "evaluate_seconds")));
      }
      details.add(table.html("Epochs of the " + model.name() + " network"));
    }
    return details;
  }
}
