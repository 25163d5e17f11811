package io.involution.report.page;

import io.involution.evaluate.artifact.Confusion;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which classes the networks recognize, and which they confuse. */
final class ConfusionSection {
  private final List<ModelData> models;

  ConfusionSection(RunData run) {
    models =
        run.models().stream().filter(model -> model.artifacts().confusion().isPresent()).toList();
  }

  boolean isEmpty() {
    return models.isEmpty();
  }

  Html html() {
    Html matrices = Html.of("div").style("pair");
    for (ModelData model : models) {
      matrices.add(matrix(model));
    }
    return Section.of(
        "classes",
        "Results by class",
        "Recall: the share of a class's images that were predicted correctly. Precision: the share"
            + " of a class's predictions that are correct.",
        classes().html("Precision and recall by class"),
        Html.of("h3", "Confusion matrices"),
        Html.of("p", "A row is a true class, a column a predicted class.").style("about"),
        matrices);
  }

  private Table classes() {
    List<String> columns = new ArrayList<>(List.of("Class"));
    models.forEach(model -> columns.addAll(List.of("Recall", "Precision")));
    ModelArtifacts first = models.get(0).artifacts();
    List<String> groups = models.stream().map(ModelData::title).toList();
    Table table = new Table("All classes of the test images", columns, groups).style("classes");
    for (int label = 0; label < first.confusion().orElseThrow().size(); label++) {
      List<Html> cells = new ArrayList<>();
      for (ModelData model : models) {
        Confusion confusion = model.artifacts().confusion().orElseThrow();
        String place = "derived/" + model.name() + "/class/" + label;
        cells.add(bar(model, confusion.recall(label), place + "/recall"));
        cells.add(bar(model, confusion.precision(label), place + "/precision"));
      }
      table.row(first.className(label), cells);
    }
    return table;
  }

  private static Html bar(ModelData model, Double share, String place) {
    Html cell =
        Html.of("div")
            .style("meter " + Section.series(model))
            .add(Value.roughPercent(share, place).html());
    if (share != null) {
      cell.with("style", String.format(Locale.ROOT, "--share:%.4f", share));
    }
    return cell;
  }

  private static Html matrix(ModelData model) {
    ModelArtifacts artifacts = model.artifacts();
    Confusion confusion = artifacts.confusion().orElseThrow();
    List<String> columns = new ArrayList<>(List.of("Class"));
    for (int label = 0; label < confusion.size(); label++) {
      columns.add(artifacts.className(label));
    }
    Table table =
        new Table(
                model.title()
                    + " network, test images"
                    + (confusion.epoch() == null ? "" : " after epoch " + confusion.epoch()),
                columns)
            .style("confusion " + Section.series(model));
    for (int label = 0; label < confusion.size(); label++) {
      List<Html> cells = new ArrayList<>();
      for (int other = 0; other < confusion.size(); other++) {
        long count = confusion.counts().get(label).get(other);
        String place =
            String.format(
                Locale.ROOT,
                "%s/artifacts/confusion.json#/counts/%d/%d",
                model.name(),
                label,
                other);
        double share = (double) count / Math.max(1, confusion.labeled(label));
        cells.add(
            Html.of("div")
                .style(label == other ? "count right" : "count")
                .with("style", String.format(Locale.ROOT, "--share:%.4f", share))
                .add(Value.count(count, place)));
      }
      table.row(artifacts.className(label), cells);
    }
    return table.html("Confusion matrix of the " + model.name() + " network");
  }
}
