package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.report.chart.Apart;
import io.involution.report.chart.Chart;
import io.involution.report.chart.LineChart;
import io.involution.report.chart.LineChart.Axis;
import io.involution.report.chart.LineChart.Point;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The test accuracy of a run's networks in one chart, for slides and for the README. */
final class ComparisonChart {
  /** The file's name, without its extension. */
  static final String NAME = "comparison";

  private static final double GRID_STEP = 0.2;

  /** Lines of text that fit one above the other between the axis' ends. */
  private static final double LINES = 13;

  /** Lines of text above the highest label's line. */
  private static final double ABOVE = 1.6;

  private ComparisonChart() {}

  /** The chart; empty if the run has no epochs, as in an evaluation. */
  static Optional<Chart> of(RunData run) {
    List<ModelData> models =
        run.models().stream().filter(model -> model.best().isPresent()).toList();
    if (models.isEmpty()) {
      return Optional.empty();
    }
    double epochs =
        models.stream().mapToDouble(model -> run.end(model.epochs().size())).max().orElseThrow();
    double best =
        models.stream()
            .flatMap(model -> model.epochs().stream())
            .map(EpochRow::testAccuracy)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElseThrow();
    double top =
        Math.max(GRID_STEP * Math.ceil(best / GRID_STEP), best / (1 - (ABOVE + 0.5) / LINES));
    LineChart lines =
        new LineChart(
            new Axis(LineChart.EPOCH, epochs > 1 ? 1 : 0, Math.max(2, epochs), false),
            new Axis("test accuracy", 0, top, true));
    List<Point> ends = new ArrayList<>();
    for (ModelData model : models) {
      List<Point> points =
          model.epochs().stream()
              .filter(row -> row.testAccuracy() != null)
              .map(row -> new Point(run.end(row.epoch()), row.testAccuracy()))
              .toList();
      lines.line(model.name(), model.color(), false, points);
      ends.add(points.get(points.size() - 1));
    }
    double[] heights =
        Apart.of(ends.stream().map(Point::y).toList(), top / LINES, top * (1 - ABOVE / LINES));
    for (int i = 0; i < heights.length; i++) {
      ModelData model = models.get(i);
      String label = String.format(Locale.ROOT, "%s %.1f%%", model.title(), 100 * ends.get(i).y());
      lines.label(new Point(ends.get(i).x(), heights[i]), label, model.color());
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
