package io.involution.report.page;

import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Confusion.ClassCounts;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which classes the networks recognize, and which they confuse. */
final class ConfusionSection {
  /** The most classes that are all shown, and of which each is a column. */
  private static final int MOST_SHOWN = 20;

  private final RunData run;
  private final List<ModelData> models;

  ConfusionSection(RunData run) {
    this.run = run;
    models =
        run.models().stream().filter(model -> model.artifacts().confusion().isPresent()).toList();
  }

  boolean isEmpty() {
    return models.isEmpty();
  }

  Html html() {
    boolean many = models.stream().anyMatch(model -> confusion(model).size() > MOST_SHOWN);
    Html matrices = Html.of("div").style("pair");
    for (ModelData model : models) {
      matrices.add(many ? mixUps(model) : matrix(model));
    }
    return Section.of(
        "classes",
        "Results by class",
        "Recall: the share of a class's images that were predicted correctly. Precision: the share"
            + " of a class's predictions that are correct.",
        classes(many).html("Precision and recall by class"),
        Html.of("h3", many ? "Most frequent mix-ups" : "Confusion matrices"),
        Html.of(
                "p",
                many
                    ? "Test images of one class that were predicted to be of another."
                    : "A row is a true class, a column a predicted class.")
            .style("about"),
        matrices);
  }

  private static Confusion confusion(ModelData model) {
    return model.artifacts().confusion().orElseThrow();
  }

  /** The classes in label order; of many, those of lowest recall, the lowest first. */
  private List<Integer> shown(boolean many) {
    List<List<ClassCounts>> counts =
        models.stream().map(model -> confusion(model).byClass()).toList();
    IntStream all = IntStream.range(0, counts.get(0).size());
    if (!many) {
      return all.boxed().toList();
    }
    return all.filter(label -> counts.stream().allMatch(of -> of.get(label).labeled() > 0))
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                label -> counts.stream().mapToDouble(of -> of.get(label).recall()).sum()))
        .limit(MOST_SHOWN)
        .toList();
  }

  private static Html mixUps(ModelData model) {
    Confusion confusion = confusion(model);
    Table table =
        new Table(model.title() + " network", List.of("Class, and prediction", "Images"))
            .style("classes");
    confusion.nonZero().stream()
        .filter(cell -> cell.label() != cell.prediction())
        .sorted(Comparator.comparingLong(Confusion.Cell::count).reversed())
        .limit(MOST_SHOWN)
        .forEach(
            cell ->
                table.values(
                    String.format(
                        Locale.ROOT,
                        "%s, predicted %s",
                        model.artifacts().className(cell.label()),
                        model.artifacts().className(cell.prediction())),
                    List.of(
                        Value.count(
                            cell.count(),
                            String.format(
                                Locale.ROOT,
                                "derived/%s/mixed/%d/%d",
                                model.name(),
                                cell.label(),
                                cell.prediction())))));
    return table.html("Most frequent mix-ups of the " + model.name() + " network");
  }

  private Table classes(boolean many) {
    List<String> columns = new ArrayList<>(List.of("Class"));
    models.forEach(model -> columns.addAll(List.of("Recall", "Precision")));
    ModelArtifacts first = models.get(0).artifacts();
    List<String> groups = models.stream().map(ModelData::title).toList();
    String caption =
        many ? "The classes of lowest recall on the test images" : "All classes of the test images";
    Table table = new Table(caption, columns, groups).style("classes");
    for (int label : shown(many)) {
      List<Html> cells = new ArrayList<>();
      for (ModelData model : models) {
        ClassCounts counts = confusion(model).byClass().get(label);
        String place = "derived/" + model.name() + "/class/" + label;
        cells.add(bar(model, counts.recall(), place + "/recall"));
        cells.add(bar(model, counts.precision(), place + "/precision"));
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

  private Html matrix(ModelData model) {
    ModelArtifacts artifacts = model.artifacts();
    List<ClassCounts> sums = confusion(model).byClass();
    Confusion confusion = artifacts.confusion().orElseThrow();
    List<String> columns = new ArrayList<>(List.of("Class"));
    for (int label = 0; label < confusion.size(); label++) {
      columns.add(artifacts.className(label));
    }
    Table table =
        new Table(
                model.title()
                    + " network, test images"
                    + (confusion.epoch() == null
                        ? ""
                        : " after epoch " + Value.epoch(confusion.epoch(), run, "").shown()),
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
        double share = (double) count / Math.max(1, sums.get(label).labeled());
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
