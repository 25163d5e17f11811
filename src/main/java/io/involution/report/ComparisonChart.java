package io.involution.report;

import io.involution.metrics.EpochRow;
import io.involution.report.chart.Chart;
import io.involution.report.chart.LineChart;
import io.involution.report.chart.LineChart.Axis;
import io.involution.report.chart.LineChart.Point;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The test accuracy of a run's networks in one chart, for slides and for the README. */
final class ComparisonChart {
  /** The file's name, without its extension. */
  static final String NAME = "comparison";

  private static final double GRID_STEP = 0.2;

  private ComparisonChart() {}

  /** The chart; empty if the run has no epochs, as in an evaluation. */
  static Optional<Chart> of(RunData run) {
    List<ModelData> models =
        run.models().stream().filter(model -> !model.epochs().isEmpty()).toList();
    if (models.isEmpty()) {
      return Optional.empty();
    }
    int epochs = models.stream().mapToInt(model -> model.epochs().size()).max().orElseThrow();
    double best =
        models.stream()
            .flatMap(model -> model.epochs().stream())
            .mapToDouble(EpochRow::testAccuracy)
            .max()
            .orElseThrow();
    double top = Math.min(1, GRID_STEP * Math.ceil(best / GRID_STEP));
    LineChart lines =
        new LineChart(
            new Axis(LineChart.EPOCH, epochs > 1 ? 1 : 0, Math.max(2, epochs), false),
            new Axis("test accuracy", 0, top, true));
    for (ModelData model : models) {
      List<Point> points =
          model.epochs().stream().map(row -> new Point(row.epoch(), row.testAccuracy())).toList();
      lines.line(model.name(), model.color(), false, points);
      Point last = points.get(points.size() - 1);
      String label = String.format(Locale.ROOT, "%s %.1f%%", model.title(), 100 * last.y());
      lines.label(last, label, model.color());
    }
    String title =
        String.format(
            Locale.ROOT,
            "%s, %s epochs, %s workers, seed %s",
            run.text("/dataset"),
            run.text("/options/epochs"),
            run.text("/workers"),
            run.text("/options/seed"));
    return Optional.of(lines.title(title).draw(NAME, "Test accuracy by epoch: " + title));
  }
}
