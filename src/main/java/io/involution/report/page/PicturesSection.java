package io.involution.report.page;

import io.involution.report.chart.Pixels;
import io.involution.report.run.Mistake;
import io.involution.report.run.ModelArtifacts;
import io.involution.report.run.ModelData;
import io.involution.report.run.Picture;
import io.involution.report.run.RunData;

/** Images of the data: what the networks learned from, and where they are surely wrong. */
final class PicturesSection {
  private final RunData run;

  PicturesSection(RunData run) {
    this.run = run;
  }

  boolean hasMistakes() {
    return run.models().stream().anyMatch(model -> !model.artifacts().mistakes().isEmpty());
  }

  boolean hasSamples() {
    return run.models().stream().anyMatch(model -> !model.artifacts().samples().isEmpty());
  }

  Html mistakes() {
    Html pair = Html.of("div").style("pair");
    for (ModelData model : run.models()) {
      if (!model.artifacts().mistakes().isEmpty()) {
        pair.add(mistakes(model));
      }
    }
    return Section.of(
        "mistakes",
        "Most confident mistakes",
        "The test images of which each network was surest, and wrong.",
        pair);
  }

  private static Html mistakes(ModelData model) {
    ModelArtifacts artifacts = model.artifacts();
    Html list = Html.of("ul").style("pictures");
    for (int i = 0; i < artifacts.mistakes().size(); i++) {
      Mistake mistake = artifacts.mistakes().get(i);
      String label = artifacts.className(mistake.picture().label());
      String guess = artifacts.className(mistake.prediction());
      String place =
          "%s/artifacts/mistakes.json#/mistakes/%d/probability".formatted(model.name(), i);
      list.add(
          Html.of("li")
              .add(
                  Section.image(
                      Pixels.of(mistake.picture()),
                      72,
                      72,
                      "Test image %d of class %s".formatted(mistake.picture().index(), label)),
                  Html.of("span")
                      .style("small")
                      .add(Html.of("strong", label), Html.of("br"))
                      .text("as " + guess + ", ")
                      .add(Figure.percent(mistake.probability(), place).html())));
    }
    return Html.of("div")
        .add(
            Html.of("h3")
                .add(Html.of("span").style("dot series-" + (model.colour() + 1)))
                .text(model.title()),
            list);
  }

  Html samples() {
    ModelArtifacts artifacts =
        run.models().stream()
            .map(ModelData::artifacts)
            .filter(found -> !found.samples().isEmpty())
            .findFirst()
            .orElseThrow();
    Html list = Html.of("ul").style("pictures samples");
    for (Picture picture : artifacts.samples()) {
      String name = artifacts.className(picture.label());
      list.add(
          Html.of("li")
              .add(
                  Section.image(
                      Pixels.of(picture),
                      72,
                      72,
                      "Training image %d: %s".formatted(picture.index(), name)),
                  Html.of("span", name).style("small")));
    }
    return Section.of(
        "data",
        "What they learned from",
        "The first training images of %s, 32 x 32 pixels each.".formatted(run.text("/dataset")),
        list);
  }
}
