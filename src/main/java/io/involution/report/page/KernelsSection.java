package io.involution.report.page;

import io.involution.evaluate.artifact.KernelMap;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.chart.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kernels that the involution layers generated, one for every position of every image. */
final class KernelsSection {
  private final String network;
  private final ModelArtifacts artifacts;
  private final List<Prediction> predictions;
  private final KernelScales scales;
  private boolean several;

  /** The kernels of a network with involution layers. */
  KernelsSection(String network, ModelArtifacts artifacts) {
    this.network = network;
    this.artifacts = artifacts;
    this.predictions = artifacts.predictions();
    this.scales = new KernelScales(network, predictions);
  }

  /** Whether there is anything to draw, or to say about what is not drawn. */
  static boolean has(ModelArtifacts artifacts) {
    List<Integer> layers =
        artifacts.predictions().stream().map(made -> made.layers().size()).distinct().toList();
    return layers.isEmpty() ? artifacts.leftOut() > 0 : layers.size() == 1 && layers.get(0) > 0;
  }

  /** Names the network too: the page has such a section for each of several. */
  KernelsSection amongSeveral() {
    several = true;
    return this;
  }

  /** What a name needs where several networks have it. */
  private String ofNetwork() {
    return several ? " of the " + network + " network" : "";
  }

  Html html() {
    Html section = introduction();
    if (predictions.isEmpty()) {
      return section;
    }
    Html rows = Html.of("ul").style("kernels");
    for (int i = 0; i < predictions.size(); i++) {
      rows.add(row(artifacts.test().get(i), predictions.get(i)));
    }
    return section.add(scales.html(), rows, kernelTables());
  }

  private Html introduction() {
    return Section.of(
        several ? "kernels-" + network : "kernels",
        "Involution kernels" + ofNetwork(),
        "A convolution slides one learned kernel over the whole image. An involution generates a"
            + " kernel for every position from the pixel at that position. Each heat map shows the"
            + " sum of the kernel's weights at every position: where it varies, the layer treats"
            + " the image differently. The color scale is clipped at the lowest and the highest 2 %"
            + " of the sums. The small square is the kernel at the outlined center position, with"
            + " negative weights in blue and positive weights in orange."
            + leftOut());
  }

  private String leftOut() {
    int drawn = predictions.size();
    return artifacts.leftOut() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " Kernels of %d of %d images are drawn: those of all would not fit into their file.",
            drawn,
            drawn + artifacts.leftOut());
  }

  private Html row(Sample sample, Prediction prediction) {
    String label = label(sample);
    Html maps = Html.of("div").style("maps");
    maps.add(
        cell(
            name(sample),
            framed(
                Section.image(sample.pixels(), 96, "Image: " + label),
                1.0 / sample.pixels().width())));
    for (int layer = 0; layer < scales.layers(); layer++) {
      maps.add(map(prediction.layers().get(layer), layer, label));
    }
    return Html.of("li").add(caption(sample, prediction), maps);
  }

  private String label(Sample sample) {
    return sample.label() < 0 ? name(sample) : artifacts.className(sample.label());
  }

  private static String name(Sample sample) {
    return (sample.label() < 0 ? "image " : "test image ") + sample.index();
  }

  private Html caption(Sample sample, Prediction prediction) {
    String guess = artifacts.className(prediction.predicted());
    float probability = prediction.probabilities().get(prediction.predicted());
    String place =
        String.format(Locale.ROOT, "derived/%s/prediction/%d/probability", network, sample.index());
    Html caption = Html.of("p").style("verdict").add(Html.of("strong", label(sample)));
    if (sample.label() < 0) {
      caption.text(" predicted " + guess);
    } else {
      boolean right = prediction.predicted() == sample.label();
      caption.add(
          Html.of("span", right ? " ✓ predicted correctly" : " ✗ predicted " + guess)
              .style(right ? "right" : "wrong"));
    }
    return caption.text(", ").add(Value.percent(probability, place));
  }

  private Html map(KernelMap map, int layer, String label) {
    Html picture =
        framed(
            Section.image(
                Pixels.of(map.sums(), scales.sums(layer)),
                96,
                96,
                String.format(
                    Locale.ROOT, "Heat map of layer %s for the image: %s", map.layer(), label)),
            1.0 / map.width());
    for (double[][] kernel : map.center()) {
      picture.add(
          Section.image(
                  Pixels.of(kernel, scales.weights(layer)),
                  30,
                  30,
                  String.format(
                      Locale.ROOT, "Kernel of %s at the center of the image", map.layer()))
              .style("pixels kernel"));
    }
    return cell(map.layer(), picture);
  }

  private static Html cell(String title, Html picture) {
    return Html.of("div").style("map").add(picture, Html.of("span", title).style("small"));
  }

  /** An image with its center position outlined. */
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
      KernelMap map = prediction.layers().get(layer);
      for (int group = 0; group < map.groups(); group++) {
        tables.add(kernelTable(map, layer, group));
      }
    }
    return Html.of("div")
        .add(
            Html.of("h3", "The kernels of one position in numbers"),
            Html.of(
                    "p",
                    String.format(
                        Locale.ROOT, "%s, the outlined position.", name(artifacts.test().get(0))))
                .style("about"),
            tables);
  }

  private Html kernelTable(KernelMap map, int layer, int group) {
    double[][] kernel = map.center().get(group);
    List<String> columns = new ArrayList<>(List.of("Row"));
    for (int column = 0; column < map.size(); column++) {
      columns.add(String.valueOf(column + 1));
    }
    String name = map.layer() + (map.groups() > 1 ? ", group " + group : "");
    Table table = new Table(name, columns);
    for (int row = 0; row < map.size(); row++) {
      List<Value> cells = new ArrayList<>();
      for (int column = 0; column < map.size(); column++) {
        cells.add(
            Value.decimal(
                kernel[row][column],
                3,
                String.format(
                    Locale.ROOT,
                    "derived/%s/kernels/%d/weight/%d/%d/%d",
                    network,
                    layer,
                    group,
                    row,
                    column)));
      }
      table.values(String.valueOf(row + 1), cells);
    }
    return table.html("Kernel of " + name + ofNetwork());
  }
}
