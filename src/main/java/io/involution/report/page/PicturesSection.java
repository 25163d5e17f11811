package io.involution.report.page;

import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.Locale;

/** Images of the data: training samples, and the most confident mistakes. */
final class PicturesSection {
  private final RunData run;

  PicturesSection(RunData run) {
    this.run = run;
  }

  boolean hasMistakes() {
    return run.models().stream().anyMatch(model -> !model.artifacts().mistakes().isEmpty());
  }

  boolean hasSamples() {
    return run.models().stream().anyMatch(model -> !model.artifacts().train().isEmpty());
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
        "The most confident mistakes",
        "The misclassified test images with the highest predicted probability.",
        pair);
  }

  private static Html mistakes(ModelData model) {
    ModelArtifacts artifacts = model.artifacts();
    Html list = Html.of("ul").style("pictures");
    for (int i = 0; i < artifacts.mistakes().size(); i++) {
      Mistake mistake = artifacts.mistakes().get(i);
      String label = artifacts.className(mistake.label());
      String guess = artifacts.className(mistake.prediction());
      String place =
          String.format(
              Locale.ROOT, "%s/artifacts/mistakes.json#/mistakes/%d/probability", model.name(), i);
      list.add(
          Html.of("li")
              .add(
                  Section.image(
                      mistake.pixels(),
                      72,
                      String.format(
                          Locale.ROOT, "Test image %d of class %s", mistake.index(), label)),
                  Html.of("span")
                      .style("small")
                      .add(Html.of("strong", label), Html.of("br"))
                      .text("predicted " + guess + ", ")
                      .add(Value.percent(mistake.probability(), place))));
    }
    return Html.of("div").add(Section.dotted("h3", model, model.title()), list);
  }

  Html samples() {
    ModelArtifacts artifacts =
        run.models().stream()
            .map(ModelData::artifacts)
            .filter(found -> !found.train().isEmpty())
            .findFirst()
            .orElseThrow();
    Html list = Html.of("ul").style("pictures samples");
    for (Sample sample : artifacts.train()) {
      String name = artifacts.className(sample.label());
      list.add(
          Html.of("li")
              .add(
                  Section.image(
                      sample.pixels(),
                      72,
                      String.format(Locale.ROOT, "Training image %d: %s", sample.index(), name)),
                  Html.of("span", name).style("small")));
    }
    return Section.of(
        "data",
        "Training data",
        String.format(
            Locale.ROOT,
            "The first training images of %s, %d x %d pixels each.",
            run.text("/dataset"),
            artifacts.train().get(0).pixels().width(),
            artifacts.train().get(0).pixels().height()),
        list);
  }
}
