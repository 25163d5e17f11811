package io.involution.report.page;

import io.involution.report.chart.Pixels;
import io.involution.report.run.KernelMap;
import io.involution.report.run.ModelArtifacts;
import io.involution.report.run.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kernels that the involution layers generated: one for every position of every image. */
final class KernelsSection {
  private final String network;
  private final ModelArtifacts artifacts;
  private final List<Prediction> predictions;
  private final KernelScales scales;

  /** The kernels of one network, which has involution layers. */
  KernelsSection(String network, ModelArtifacts artifacts) {
    this.network = network;
    this.artifacts = artifacts;
    this.predictions = artifacts.predictions();
    this.scales = new KernelScales(network, predictions);
  }

  /** Whether there is something to draw. */
  static boolean has(ModelArtifacts artifacts) {
    return !artifacts.predictions().isEmpty()
        && artifacts.predictions().stream()
            .allMatch(
                prediction ->
                    !prediction.kernels().isEmpty()
                        && prediction.kernels().size()
                            == artifacts.predictions().get(0).kernels().size());
  }

  Html html() {
    Html rows = Html.of("ul").style("kernels");
    for (Prediction prediction : predictions) {
      rows.add(row(prediction));
    }
    return Section.of(
        "kernels",
        "What the involution layers see",
        "A convolution slides one learned kernel over the whole image. An involution makes a kernel"
            + " for every position out of the pixel that is there. Each map shows, at every"
            + " position, the sum of that kernel's weights: where it differs, the layer treats the"
            + " image differently; the colours end at the lowest and"
            + " the highest 2 % of the sums. The little square is the kernel itself at the outlined position"
            + " in the middle, blue weights below zero, orange above.",
        scales.html(),
        rows,
        kernelTables());
  }

  private Html row(Prediction prediction) {
    String label = label(prediction);
    Html maps = Html.of("div").style("maps");
    maps.add(
        cell(
            name(prediction),
            framed(
                Section.image(Pixels.of(prediction.picture()), 96, 96, "Image: " + label),
                1.0 / 32)));
    for (int layer = 0; layer < scales.layers(); layer++) {
      maps.add(map(prediction.kernels().get(layer), layer, label));
    }
    return Html.of("li").add(caption(prediction), maps);
  }

  private String label(Prediction prediction) {
    int label = prediction.picture().label();
    return label < 0 ? name(prediction) : artifacts.className(label);
  }

  private static String name(Prediction prediction) {
    return (prediction.picture().label() < 0 ? "image " : "test image ")
        + prediction.picture().index();
  }

  private Html caption(Prediction prediction) {
    String guess = artifacts.className(prediction.predicted());
    double probability = prediction.probabilities().get(prediction.predicted());
    String place =
        "derived/%s/prediction/%d/probability".formatted(network, prediction.picture().index());
    Html caption = Html.of("p").style("verdict").add(Html.of("strong", label(prediction)));
    int label = prediction.picture().label();
    if (label < 0) {
      caption.text(" taken for " + guess);
    } else {
      boolean right = prediction.predicted() == label;
      caption.add(
          Html.of("span", right ? " ✓ taken for it" : " ✗ taken for " + guess)
              .style(right ? "right" : "wrong"));
    }
    return caption.text(", ").add(Figure.percent(probability, place).html());
  }

  private Html map(KernelMap map, int layer, String label) {
    Html picture =
        framed(
            Section.image(
                Pixels.of(map.sums(), scales.sums(layer)),
                96,
                96,
                "Heat map of layer %s for the image: %s".formatted(map.layer(), label)),
            1.0 / map.width());
    for (double[][] kernel : map.middle()) {
      picture.add(
          Section.image(
                  Pixels.of(kernel, scales.weights(layer)),
                  30,
                  30,
                  "Kernel of %s in the middle of the image".formatted(map.layer()))
              .style("pixels kernel"));
    }
    return cell(map.layer(), picture);
  }

  private static Html cell(String title, Html picture) {
    return Html.of("div").style("map").add(picture, Html.of("span", title).style("small"));
  }

  /** A picture with its middle position outlined. */
  private static Html framed(Html image, double size) {
    String style =
        String.format(
            Locale.ROOT, "left:50%%;top:50%%;width:%.3f%%;height:%.3f%%", 100 * size, 100 * size);
    return Html.of("div")
        .style("framed")
        .add(image, Html.of("span").style("point").with("style", style));
  }

  private Html kernelTables() {
    Prediction prediction = predictions.get(0);
    Html tables = Html.of("div").style("kernel-tables");
    for (int layer = 0; layer < scales.layers(); layer++) {
      KernelMap map = prediction.kernels().get(layer);
      for (int group = 0; group < map.groups(); group++) {
        tables.add(kernelTable(map, layer, group));
      }
    }
    return Html.of("div")
        .add(
            Html.of("h3", "The kernels of one position in numbers"),
            Html.of("p", "%s, the outlined position.".formatted(name(prediction))).style("about"),
            tables);
  }

  private Html kernelTable(KernelMap map, int layer, int group) {
    double[][] kernel = map.middle().get(group);
    List<String> columns = new ArrayList<>(List.of("Row"));
    for (int column = 0; column < map.size(); column++) {
      columns.add(String.valueOf(column + 1));
    }
    String name = map.layer() + (map.groups() > 1 ? ", group " + group : "");
    Table table = new Table(name, columns);
    for (int row = 0; row < map.size(); row++) {
      List<Figure> cells = new ArrayList<>();
      for (int column = 0; column < map.size(); column++) {
        cells.add(
            Figure.decimal(
                kernel[row][column],
                3,
                "derived/%s/kernels/%d/weight/%d/%d/%d"
                    .formatted(network, layer, group, row, column)));
      }
      table.figures(String.valueOf(row + 1), cells);
    }
    return table.html("Kernel of " + name);
  }
}
