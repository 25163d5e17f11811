package io.involution.report.page;

import io.involution.report.ReferenceRun;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All figures of the networks side by side, with the reference run's and the difference. */
final class ComparisonSection {
  private final RunData run;

  ComparisonSection(RunData run) {
    this.run = run;
  }

  /** Which of two values is the better one. */
  private enum Better {
    HIGHER,
    LOWER,
    NEITHER
  }

  Html html() {
    List<String> columns = new ArrayList<>(List.of("Measure"));
    run.models().forEach(model -> columns.add(model.title()));
    Table table = new Table("Each network at the end of its training", columns).style("comparison");
    shares(table, "Test accuracy", "/test_accuracy", ReferenceRun::testAccuracy);
    losses(table, "Test loss", "/test_loss", ReferenceRun::testLoss);
    shares(table, "Train accuracy", "/train_accuracy", ReferenceRun::trainAccuracy);
    losses(table, "Train loss", "/train_loss", reference -> null);
    validation(table);
    counts(table);
    costs(table);
    return Section.of(
        "comparison",
        "Side by side",
        "Small print: the reference run's figure (one machine, seed 42, 20 epochs) and how far this"
            + " run is from it. Losses are mean cross-entropies in nats. Train figures are running"
            + " means over the last epoch's minibatches.",
        table.html("Comparison of the networks"));
  }

  private void shares(
      Table table, String head, String pointer, Function<ReferenceRun, Double> reference) {
    List<Html> cells = new ArrayList<>();
    for (ModelData model : run.models()) {
      Double value = model.number(pointer);
      Html cell =
          main(Figure.percent(value, model.place(pointer)), isBest(model, pointer, Better.HIGHER));
      expected(model, reference)
          .ifPresent(
              is ->
                  cell.add(
                      small(
                          Figure.percent(is, "reference/" + model.name() + pointer),
                          Figure.points(
                              minus(value, is), "difference/" + model.name() + pointer))));
      cells.add(cell);
    }
    table.row(head, cells);
  }

  private void losses(
      Table table, String head, String pointer, Function<ReferenceRun, Double> reference) {
    List<Html> cells = new ArrayList<>();
    for (ModelData model : run.models()) {
      Double value = model.number(pointer);
      Html cell =
          main(
              Figure.decimal(value, 4, model.place(pointer)), isBest(model, pointer, Better.LOWER));
      expected(model, reference)
          .ifPresent(
              is ->
                  cell.add(
                      small(
                          Figure.decimal(is, 4, "reference/" + model.name() + pointer),
                          Figure.difference(
                              minus(value, is), 4, "difference/" + model.name() + pointer))));
      cells.add(cell);
    }
    table.row(head, cells);
  }

  private void validation(Table table) {
    if (run.models().stream().allMatch(model -> model.number("/best_epoch") == null)) {
      return;
    }
    plain(table, "Best epoch by validation", "/best_epoch", Better.NEITHER, Figure::count);
    plain(table, "Its validation accuracy", "/validation_accuracy", Better.HIGHER, Figure::percent);
    plain(table, "Its test accuracy", "/best_epoch_test_accuracy", Better.HIGHER, Figure::percent);
  }

  private void counts(Table table) {
    parameters(table, "Trainable parameters", "/parameters/trainable", ReferenceRun::trainable);
    parameters(
        table, "Non-trainable parameters", "/parameters/non_trainable", ReferenceRun::nonTrainable);
    derived(
        table,
        "Optimizer's entries",
        model ->
            model
                .artifacts()
                .layers()
                .map(
                    layers ->
                        Figure.count(
                            layers.optimizer(),
                            model.name() + "/artifacts/network.json#/optimizer")));
    derived(
        table,
        "Accuracy points per 1,000 parameters",
        model ->
            Optional.of(
                Figure.decimal(
                    Verdict.density(model),
                    3,
                    "derived/" + model.name() + "/points_per_thousand_parameters")));
    derived(
        table,
        "Operations per image (forward pass)",
        model ->
            model
                .artifacts()
                .layers()
                .map(
                    layers ->
                        Figure.operations(
                            (double) layers.flops(), "derived/" + model.name() + "/flops")));
  }

  private void costs(Table table) {
    plain(
        table, "Training images per second", "/examples_per_second", Better.HIGHER, Figure::count);
    plain(table, "Time of training", "/seconds", Better.LOWER, Figure::duration);
    derived(
        table,
        "Time to the best test accuracy",
        model ->
            model
                .best()
                .map(
                    best ->
                        Figure.duration(
                            model.secondsUntil(best.epoch()),
                            "derived/" + model.name() + "/seconds_to_best")));
  }

  private void parameters(
      Table table, String head, String pointer, Function<ReferenceRun, Integer> reference) {
    List<Html> cells = new ArrayList<>();
    for (ModelData model : run.models()) {
      Double value = model.number(pointer);
      Html cell = main(Figure.count(value, model.place(pointer)), false);
      if (value != null) {
        ReferenceRun.of(model.name())
            .map(reference)
            .ifPresent(
                is ->
                    cell.add(
                        small(
                            Figure.count(is, "reference/" + model.name() + pointer),
                            Figure.countDifference(
                                Math.round(value) - is, "difference/" + model.name() + pointer))));
      }
      cells.add(cell);
    }
    table.row(head, cells);
  }

  /** How a number of the result is shown. */
  private interface Shown {
    Figure of(Double value, String from);
  }

  private void plain(Table table, String head, String pointer, Better better, Shown shown) {
    List<Html> cells = new ArrayList<>();
    for (ModelData model : run.models()) {
      cells.add(
          main(
              shown.of(model.number(pointer), model.place(pointer)),
              isBest(model, pointer, better)));
    }
    table.row(head, cells);
  }

  private void derived(Table table, String head, Function<ModelData, Optional<Figure>> figure) {
    List<Html> cells = new ArrayList<>();
    for (ModelData model : run.models()) {
      cells.add(main(figure.apply(model).orElse(new Figure(null, "–", "missing")), false));
    }
    table.row(head, cells);
  }

  private boolean isBest(ModelData model, String pointer, Better better) {
    Double mine = model.number(pointer);
    if (mine == null || better == Better.NEITHER || run.models().size() < 2) {
      return false;
    }
    return run.models().stream()
        .filter(other -> !other.name().equals(model.name()))
        .map(other -> other.number(pointer))
        .allMatch(
            others -> others != null && (better == Better.HIGHER ? mine > others : mine < others));
  }

  private static Html main(Figure figure, boolean best) {
    Html cell = Html.of("div").add(figure.html());
    return best ? cell.style("best").add(Html.of("span", "best").style("badge")) : cell;
  }

  private static Html small(Figure reference, Figure difference) {
    return Html.of("div")
        .style("small")
        .text("ref. ")
        .add(reference.html())
        .text(", ")
        .add(difference.html());
  }

  private static Optional<Double> expected(
      ModelData model, Function<ReferenceRun, Double> reference) {
    return ReferenceRun.of(model.name()).map(reference);
  }

  private static Double minus(Double value, double other) {
    return value == null ? null : Double.valueOf(value - other);
  }
}
