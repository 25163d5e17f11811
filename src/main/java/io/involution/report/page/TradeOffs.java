package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.chart.PointChart;
import io.involution.report.run.ModelData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The accuracy of networks against what they cost: their parameters and their operations. */
final class TradeOffs {
  /** Multiply-adds count as two operations. */
  private static final int OPERATIONS = 2;

  private final List<Trained> networks;

  /**
   * A network with its result.
   *
   * @param name what is written beside its point
   * @param model the network; one of several runs of it
   * @param accuracy on test images, perhaps a mean; null if there is none
   */
  record Trained(String name, ModelData model, Double accuracy) {}

  TradeOffs(List<Trained> networks) {
    this.networks = networks;
  }

  /** The charts; none for fewer than two networks that are known. */
  List<Html> figures(List<Chart> charts) {
    List<Html> figures = new ArrayList<>();
    figure("parameters", "parameters", ModelData::parameters)
        .ifPresent(chart -> figures.add(drawn("parameters", chart, charts)));
    figure("operations", "multiply-adds per image", TradeOffs::multiplyAdds)
        .ifPresent(chart -> figures.add(drawn("operations", chart, charts)));
    return figures;
  }

  private static Html drawn(String cost, Chart chart, List<Chart> charts) {
    return Section.chart(chart, Html.of("figcaption", "Accuracy against " + cost), charts);
  }

  private static Double multiplyAdds(ModelData model) {
    Double operations = model.operations();
    return operations == null ? null : Double.valueOf(operations / OPERATIONS);
  }

  private Optional<Chart> figure(String name, String axis, Function<ModelData, Double> cost) {
    PointChart points = new PointChart();
    StringBuilder text =
        new StringBuilder("Test accuracy against " + axis + ", on a logarithmic axis.");
    int known = 0;
    for (Trained network : networks) {
      Double value = cost.apply(network.model());
      if (network.accuracy() != null && value != null && value > 0) {
        known++;
        points.point(network.name(), network.model().color(), value, network.accuracy());
        text.append(
            String.format(
                Locale.ROOT,
                " %s: %s at %s.",
                network.name(),
                Value.percent(network.accuracy(), "").shown(),
                Value.operations(value, "").shown()));
      }
    }
    return known < 2
        ? Optional.empty()
        : Optional.of(points.draw(axis, "accuracy-" + name, text.toString()));
  }
}
