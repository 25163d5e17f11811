package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.run.ModelData;
import io.involution.report.run.ReferenceRun;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The head of the page: which network is more accurate, by how much, and at what cost. */
final class HeadSection {
  private static final String ACCURACY = "/test_accuracy";

  private static final int TWO = 2;

  private final RunData run;
  private final List<Chart> charts;

  /** The head; its charts are added to the list. */
  HeadSection(RunData run, List<Chart> charts) {
    this.run = run;
    this.charts = charts;
  }

  Html html() {
    List<ModelData> ranked =
        run.models().stream()
            .filter(model -> accuracy(model) != null)
            .sorted(Comparator.comparing(HeadSection::accuracy).reversed())
            .toList();
    Html header =
        Html.of("header")
            .add(
                Html.of("p", "Involution and convolution by parameter averaging on Spark")
                    .style("kicker"),
                headline(ranked))
            .add(notices());
    if (ranked.size() > 1) {
      header.add(new Verdict(ranked.get(0), ranked.get(1)).html());
    }
    Html cards = Html.of("div").style("cards");
    for (ModelData model : run.models()) {
      cards.add(card(model));
    }
    header.add(cards);
    if (run.models().size() > 1) {
      header.add(pictures());
    }
    return header.add(facts());
  }

  /** The networks in one picture each: by epoch, and against what they cost. */
  private Html pictures() {
    Html pictures = Html.of("div").style("charts three");
    ComparisonChart.of(run)
        .ifPresent(
            chart ->
                pictures.add(
                    Section.chart(chart, Html.of("figcaption", "Test accuracy by epoch"), charts)));
    List<TradeOffs.Trained> trained =
        run.models().stream()
            .map(model -> new TradeOffs.Trained(model.name(), model, accuracy(model)))
            .toList();
    return pictures.add(new TradeOffs(trained).figures(charts));
  }

  private static Html headline(List<ModelData> ranked) {
    Html headline = Html.of("h1");
    if (ranked.isEmpty()) {
      return headline.text("The run has no result yet");
    }
    ModelData first = ranked.get(0);
    if (ranked.size() == 1) {
      return headline
          .text("The " + first.name() + " network classifies ")
          .add(percent(first))
          .text(" of the test images correctly");
    }
    ModelData second = ranked.get(1);
    if (accuracy(first).equals(accuracy(second))) {
      return headline
          .text(ranked.size() > TWO ? "The two best networks classify " : "Both networks classify ")
          .add(percent(first))
          .text(" of the test images correctly");
    }
    if (ranked.size() > TWO) {
      return headline
          .text("The " + first.name() + " network is the most accurate: ")
          .add(percent(first));
    }
    return headline
        .text("The " + first.name() + " network is more accurate: ")
        .add(percent(first))
        .text(" versus ")
        .add(percent(second));
  }

  private List<Html> notices() {
    List<Html> notices = new ArrayList<>();
    String dataset = run.text("/dataset");
    if (dataset.equals("synthetic")) {
      notices.add(
          notice(
              "The images of this run are the built-in synthetic ones, not CIFAR-10: its metrics"
                  + " show that the program works, but say nothing about the networks."));
    } else if (dataset.endsWith("-unverified")) {
      notices.add(
          notice(
              String.format(
                  Locale.ROOT,
                  "The data set is %s: files in the layout of CIFAR-10 or CIFAR-100 that are not"
                      + " known to be the official archive's.",
                  dataset)));
    }
    if (run.isEvaluation()) {
      notices.add(
          notice(
              String.format(
                  Locale.ROOT,
                  "An evaluation of the saved model %s: see the folder of its run for its"
                      + " training.",
                  run.text("/options/model"))));
    }
    if (!run.text("/status").equals("done")) {
      notices.add(
          notice(
              String.format(
                  Locale.ROOT,
                  "This run's status is %s: the report shows what its folder holds so far.",
                  run.text("/status"))));
    }
    return notices;
  }

  private static Html notice(String text) {
    return Html.of("p", text).style("notice");
  }

  private Html card(ModelData model) {
    Html card =
        Html.of("div")
            .style("card " + Section.series(model))
            .add(Section.dotted("h2", model, model.title()));
    Double accuracy = accuracy(model);
    if (accuracy == null) {
      return card.add(Html.of("p", "no result yet").style("big"));
    }
    String place = model.place(ACCURACY);
    card.add(
        Html.of("p")
            .style("big")
            .add(Value.percent(accuracy, place))
            .add(Html.of("span", " test accuracy").style("unit")),
        bar(model, accuracy));
    Html list = Html.of("p").style("small");
    list.add(Value.count(model.parameters(), "derived/" + model.name() + "/parameters"));
    list.text(" parameters");
    if (model.number("/plain_test_accuracy") != null) {
      list.text(" · ")
          .add(
              Value.percent(
                  model.number("/plain_test_accuracy"), model.place("/plain_test_accuracy")))
          .text(" on images as they are");
    }
    if (model.operations() != null) {
      list.text(" · ")
          .add(Value.operations(model.operations(), "derived/" + model.name() + "/flops"))
          .text(" operations per image");
    }
    if (model.result().filter(result -> "patience".equals(result.ended())).isPresent()) {
      list.text(" · stopped early after epoch ")
          .add(Value.count(model.number("/epochs"), model.place("/epochs")))
          .text(": the validation accuracy was best in epoch ")
          .add(Value.count(model.number("/best_epoch"), model.place("/best_epoch")))
          .text(" (--patience ")
          .text(run.text("/options/patience"))
          .text(")");
    }
    return card.add(list);
  }

  private Html bar(ModelData model, double accuracy) {
    Html bar =
        Html.of("div")
            .style("bar")
            .with("aria-hidden", "true")
            .add(Html.of("span").style("fill").with("style", width(accuracy)));
    Html text = Html.of("p").style("small");
    ReferenceRun.of(run, model)
        .ifPresent(
            reference -> {
              bar.add(
                  Html.of("span")
                      .style("tick")
                      .with(
                          "style",
                          "left:" + Math.round(10_000 * reference.testAccuracy()) / 100.0 + "%"));
              text.text("▲ reference run ")
                  .add(
                      Value.percent(
                          reference.testAccuracy(), "reference/" + model.name() + ACCURACY))
                  .text("; ");
            });
    int classes = model.artifacts().classes().size();
    return Html.of("div")
        .add(
            bar,
            classes > 1
                ? text.text("random guessing scores one in ")
                    .add(Value.count(classes, "derived/" + model.name() + "/classes"))
                : text);
  }

  private static String width(double share) {
    return "width:" + Math.round(10_000 * share) / 100.0 + "%";
  }

  private Html facts() {
    Html facts = Html.of("dl").style("facts");
    fact(facts, "data", "/dataset");
    fact(facts, "epochs", "/options/epochs");
    fact(facts, "workers", "/workers");
    fact(facts, "averaging period H", "/options/averaging_period");
    fact(facts, "batch size per worker", "/batch_size_per_worker");
    fact(facts, "seed", "/options/seed");
    fact(facts, "started", "/started");
    return facts;
  }

  private void fact(Html facts, String name, String pointer) {
    String value = run.text(pointer);
    if (!value.equals(RunData.UNKNOWN)) {
      facts.add(
          Html.of("div")
              .add(Html.of("dt", name), Section.quoted("dd", value, "run.json#" + pointer)));
    }
  }

  private static Double accuracy(ModelData model) {
    return model.number(ACCURACY);
  }

  private static Value percent(ModelData model) {
    return Value.percent(accuracy(model), model.place(ACCURACY));
  }
}
