package io.involution.report.page;

import io.involution.evaluate.artifact.Picture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.run.NetworkColors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of image files and the predictions of saved models for them. */
public final class PredictionPage {
  /** Images whose kernels are drawn, which may take megabytes each. */
  public static final int MOST_DRAWN = 10;

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
   * Adds a model's predictions.
   *
   * @param network the model's network
   * @param classes names of the classes, in label order; empty if they are unknown
   * @param images the files as the model sees them, in order
   * @param predictions one per file, in order, the first {@link #MOST_DRAWN} with their kernels
   */
  public PredictionPage model(
      String network, List<String> classes, List<Sample> images, List<Prediction> predictions) {
    models.put(network, ModelArtifacts.of(classes, images, predictions));
    return this;
  }

  /**
   * What is done to an image before a network sees it, for a terminal.
   *
   * @param width columns of the network's images
   * @param height their rows
   */
  public static String cropped(int width, int height) {
    return String.format(
        Locale.ROOT,
        "cropped to its central %s and scaled to %d x %d pixels",
        width == height ? "square" : "rectangle",
        width,
        height);
  }

  /** The page as one file. */
  public byte[] html() {
    List<Html> sections = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      sections.add(file(i));
    }
    Map<String, ModelArtifacts> involutions = new LinkedHashMap<>(models);
    involutions.replaceAll((network, artifacts) -> drawn(artifacts));
    involutions.values().removeIf(artifacts -> !KernelsSection.has(artifacts));
    involutions.forEach(
        (network, artifacts) -> {
          KernelsSection kernels = new KernelsSection(network, artifacts);
          sections.add((involutions.size() > 1 ? kernels.amongSeveral() : kernels).html());
        });
    Html header =
        Html.of("header")
            .add(
                Html.of("p", "Involution and convolution: predictions").style("kicker"),
                Html.of("h1", headline()),
                Html.of(
                        "p",
                        "Each image was "
                            + preparation()
                            + ", which is all that the networks see of it."
                            + (involutions.isEmpty() || files.size() <= MOST_DRAWN
                                ? ""
                                : " Kernels are drawn for the first " + MOST_DRAWN + " images."))
                    .style("about"));
    return PageFrame.of("Predictions", header, sections);
  }

  private static ModelArtifacts drawn(ModelArtifacts all) {
    int number = Math.min(MOST_DRAWN, all.predictions().size());
    return ModelArtifacts.of(
        all.classes(), all.test().subList(0, number), all.predictions().subList(0, number));
  }

  private String preparation() {
    Picture seen = models.values().iterator().next().test().get(0).pixels();
    return cropped(seen.width(), seen.height()).replace(" x ", " × ");
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
              String.format(
                  Locale.ROOT,
                  "%s (%s, %s)",
                  artifacts.className(prediction.predicted()),
                  network,
                  Value.percent(prediction.probabilities().get(prediction.predicted()), "")
                      .shown()));
        });
    return String.join(", ", parts);
  }

  private Html file(int index) {
    List<String> columns = new ArrayList<>(List.of("Class"));
    columns.addAll(models.keySet());
    Table table = new Table("Predicted probabilities", columns);
    Map<String, Integer> colors = NetworkColors.of(models.keySet());
    ModelArtifacts first = models.values().iterator().next();
    for (int label = 0; label < first.predictions().get(index).probabilities().size(); label++) {
      List<Html> cells = new ArrayList<>();
      for (Map.Entry<String, ModelArtifacts> model : models.entrySet()) {
        float share = model.getValue().predictions().get(index).probabilities().get(label);
        String place =
            String.format(Locale.ROOT, "probability/%s/%d/%d", model.getKey(), index, label);
        cells.add(
            Html.of("div")
                .style("meter " + Section.series(colors.get(model.getKey())))
                .with("style", String.format(Locale.ROOT, "--share:%.4f", share))
                .add(Value.percent(share, place)));
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
                    first.test().get(index).pixels(), 192, "The image as the networks see it"),
                table.html("Probabilities for " + files.get(index))));
  }
}
