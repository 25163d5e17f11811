package io.involution.report.page;

import io.involution.report.chart.ColourScale;
import io.involution.report.chart.Pixels;
import io.involution.report.run.KernelMap;
import io.involution.report.run.Prediction;
import java.util.ArrayList;
import java.util.List;

/** The colours of the kernels of each layer, the same for all images: they can be compared. */
final class KernelScales {
  private static final int STEPS = 64;

  private final String network;
  private final List<String> names = new ArrayList<>();
  private final List<ColourScale> sums = new ArrayList<>();
  private final List<ColourScale> weights = new ArrayList<>();

  /** The scales over all the images of one network. */
  KernelScales(String network, List<Prediction> predictions) {
    this.network = network;
    List<KernelMap> first = predictions.get(0).kernels();
    for (int layer = 0; layer < first.size(); layer++) {
      List<double[][]> grids = new ArrayList<>();
      List<double[][]> kernels = new ArrayList<>();
      for (Prediction prediction : predictions) {
        KernelMap map = prediction.kernels().get(layer);
        grids.add(map.sums());
        kernels.addAll(map.middle());
      }
      names.add(first.get(layer).layer());
      sums.add(ColourScale.over(grids));
      weights.add(ColourScale.aroundZero(kernels));
    }
  }

  /** Number of layers. */
  int layers() {
    return names.size();
  }

  /** The colours of a layer's sums over a kernel. */
  ColourScale sums(int layer) {
    return sums.get(layer);
  }

  /** The colours of a layer's single weights. */
  ColourScale weights(int layer) {
    return weights.get(layer);
  }

  /** The colour bars. */
  Html html() {
    Html scales = Html.of("div").style("scales");
    for (int layer = 0; layer < layers(); layer++) {
      String place = "derived/" + network + "/kernels/" + layer;
      scales.add(
          scale(names.get(layer) + ", sum of a kernel", sums.get(layer), place + "/sum_"),
          scale(names.get(layer) + ", one weight", weights.get(layer), place + "/weight_"));
    }
    return scales;
  }

  private static Html scale(String title, ColourScale scale, String place) {
    return Html.of("div")
        .style("scale")
        .add(
            Html.of("span", title).style("small"),
            Section.image(Pixels.of(scale.bar(STEPS), scale), 160, 10, "colours from low to high"),
            Html.of("span")
                .style("ends small")
                .add(
                    Figure.decimal(scale.from(), 3, place + "from").html(),
                    Figure.decimal(scale.to(), 3, place + "to").html()));
  }
}
