package io.involution.report.page;

import io.involution.evaluate.artifact.KernelMap;
import io.involution.evaluate.artifact.Prediction;
import io.involution.report.chart.ColorScale;
import io.involution.report.chart.Pixels;
import java.util.ArrayList;
import java.util.List;

/** The color scales of each layer's kernels, shared by all images so that they can be compared. */
final class KernelScales {
  private static final int STEPS = 64;

  private final String network;
  private final List<String> names = new ArrayList<>();
  private final List<ColorScale> sums = new ArrayList<>();
  private final List<ColorScale> weights = new ArrayList<>();

  /** The scales over all the images of one network. */
  KernelScales(String network, List<Prediction> predictions) {
    this.network = network;
    List<KernelMap> first = predictions.isEmpty() ? List.of() : predictions.get(0).layers();
    for (int layer = 0; layer < first.size(); layer++) {
      List<double[][]> grids = new ArrayList<>();
      List<double[][]> kernels = new ArrayList<>();
      for (Prediction prediction : predictions) {
        KernelMap map = prediction.layers().get(layer);
        grids.add(map.sums());
        kernels.addAll(map.center());
      }
      names.add(first.get(layer).layer());
      sums.add(ColorScale.over(grids));
      weights.add(ColorScale.aroundZero(kernels));
    }
  }

  /** Number of layers. */
  int layers() {
    return names.size();
  }

  /** The color scale of a layer's kernel sums. */
  ColorScale sums(int layer) {
    return sums.get(layer);
  }

  /** The color scale of a layer's weights. */
  ColorScale weights(int layer) {
    return weights.get(layer);
  }

  /** The color bars. */
  Html html() {
    Html scales = Html.of("div").style("scales");
    for (int layer = 0; layer < layers(); layer++) {
      String place = "derived/" + network + "/kernels/" + layer;
      scales.add(
          scale(names.get(layer) + ", kernel sum", sums.get(layer), place + "/sum_"),
          scale(names.get(layer) + ", single weight", weights.get(layer), place + "/weight_"));
    }
    return scales;
  }

  private static Html scale(String title, ColorScale scale, String place) {
    return Html.of("div")
        .style("scale")
        .add(
            Html.of("span", title).style("small"),
            Section.image(
                Pixels.of(scale.bar(STEPS), scale), 160, 10, "color scale from low to high"),
            Html.of("span")
                .style("ends small")
                .add(
                    Value.decimal(scale.from(), 3, place + "from").html(),
                    Value.decimal(scale.to(), 3, place + "to").html()));
  }
}
