package io.involution.report.page;

import io.involution.report.chart.Pixels;
import io.involution.report.run.ModelArtifacts;
import io.involution.report.run.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The page of image files that saved models have classified. */
public final class PredictionPage {
  private final List<String> files;
  private final Map<String, ModelArtifacts> models = new LinkedHashMap<>();

  /**
   * The page of some files.
   *
   * @param files their names
   */
  public PredictionPage(List<String> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Adds what a model makes of the files.
   *
   * @param network the model's network
   * @param classes names of the classes, in label order; none where they are unknown
   * @param predictions one a file, in order
   */
  public PredictionPage model(String network, List<String> classes, List<Prediction> predictions) {
    models.put(
        network,
        new ModelArtifacts(
            classes, Optional.empty(), Optional.empty(), List.of(), List.of(), predictions));
    return this;
  }

  /** The page as one file. */
  public byte[] html() {
    List<Html> sections = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      sections.add(file(i));
    }
    models.forEach(
        (network, artifacts) -> {
          if (KernelsSection.has(artifacts)) {
            sections.add(new KernelsSection(network, artifacts).html());
          }
        });
    Html header =
        Html.of("header")
            .add(
                Html.of("p", "Involution and convolution: predictions").style("kicker"),
                Html.of("h1", headline()),
                Html.of(
                        "p",
                        "Each image was cut to the square in its middle and shrunk to 32 × 32"
                            + " pixels: that is all the networks see of it.")
                    .style("about"));
    return PageFrame.of("Predictions", header, sections);
  }

  private String headline() {
    if (files.size() > 1) {
      return files.size() + " images";
    }
    List<String> parts = new ArrayList<>();
    models.forEach(
        (network, artifacts) -> {
          Prediction prediction = artifacts.predictions().get(0);
          parts.add(
              "%s (%s, %s)"
                  .formatted(
                      artifacts.className(prediction.predicted()),
                      network,
                      Figure.percent(prediction.probabilities().get(prediction.predicted()), "")
                          .shown()));
        });
    return String.join(", ", parts);
  }

  private Html file(int index) {
    List<String> columns = new ArrayList<>(List.of("Class"));
    columns.addAll(models.keySet());
    Table table = new Table("Probability of every class", columns);
    ModelArtifacts first = models.values().iterator().next();
    for (int label = 0; label < first.predictions().get(index).probabilities().size(); label++) {
      List<Html> cells = new ArrayList<>();
      int colour = 1;
      for (Map.Entry<String, ModelArtifacts> model : models.entrySet()) {
        double share = model.getValue().predictions().get(index).probabilities().get(label);
        String place = "probability/%s/%d/%d".formatted(model.getKey(), index, label);
        cells.add(
            Html.of("div")
                .style("meter series-" + colour++)
                .with("style", String.format(Locale.ROOT, "--share:%.4f", share))
                .add(Figure.percent(share, place).html()));
      }
      table.row(first.className(label), cells);
    }
    return Section.of(
        "image-" + index,
        files.get(index),
        "",
        Html.of("div")
            .style("predicted")
            .add(
                Section.image(
                    Pixels.of(first.predictions().get(index).picture()),
                    192,
                    192,
                    "The image as the networks see it"),
                table.html("Probabilities for " + files.get(index))));
  }
}
