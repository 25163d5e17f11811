package io.involution.report.page;

import io.involution.report.run.ModelData;
import io.involution.report.run.ReferenceRun;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A row per metric, a column per network; a metric that no network has is left out. */
final class ComparisonTable {
  private final RunData run;
  private final List<ModelData> models;
  private final Table table;

  ComparisonTable(RunData run) {
    this.run = run;
    this.models = run.models();
    List<String> columns = new ArrayList<>(List.of("Metric"));
    models.forEach(model -> columns.add(model.title()));
    this.table = new Table("Each network at the end of training", columns).style("comparison");
  }

  /** Which of two values is better. */
  enum Better {
    HIGHER,
    LOWER,
    NEITHER
  }

  /** How a number of the result is shown. */
  interface Shown {
    Value of(Double value, String from);
  }

  Html html() {
    return table.html("Comparison of the networks");
  }

  /** Adds fractions of 1, with the reference run's. */
  void shares(String head, String pointer, Function<ReferenceRun, Double> reference) {
    compared(head, pointer, Better.HIGHER, Value::percent, Value::points, reference);
  }

  /** Adds losses, with the reference run's. */
  void losses(String head, String pointer, Function<ReferenceRun, Double> reference) {
    compared(
        head,
        pointer,
        Better.LOWER,
        (value, from) -> Value.decimal(value, 4, from),
        (value, from) -> Value.difference(value, 4, from),
        reference);
  }

  /** Adds whole numbers, of which none is better, with the reference run's. */
  void parameters(String head, String pointer, Function<ReferenceRun, Integer> reference) {
    compared(
        head,
        pointer,
        Better.NEITHER,
        Value::count,
        (value, from) -> Value.difference(value, 0, from),
        reference.andThen(Integer::doubleValue));
  }

  /** Adds numbers of the results as they are. */
  void plain(String head, String pointer, Better better, Shown shown) {
    compared(head, pointer, better, shown, shown, reference -> null);
  }

  /** Adds derived numbers. */
  void derived(String head, Function<ModelData, Optional<Value>> value) {
    List<Html> cells = new ArrayList<>();
    boolean known = false;
    for (ModelData model : models) {
      Value found = value.apply(model).orElse(Value.UNKNOWN);
      known |= found.value() != null;
      cells.add(main(found, false));
    }
    if (known) {
      table.row(head, cells);
    }
  }

  private void compared(
      String head,
      String pointer,
      Better better,
      Shown shown,
      Shown difference,
      Function<ReferenceRun, Double> reference) {
    if (models.stream().allMatch(model -> model.number(pointer) == null)) {
      return;
    }
    List<Html> cells = new ArrayList<>();
    for (ModelData model : models) {
      Double value = model.number(pointer);
      Html cell = main(shown.of(value, model.place(pointer)), isBest(model, pointer, better));
      ReferenceRun.of(run, model)
          .map(reference)
          .ifPresent(
              is ->
                  cell.add(
                      small(
                          shown.of(is, "reference/" + model.name() + pointer),
                          difference.of(
                              value == null ? null : Double.valueOf(value - is),
                              "difference/" + model.name() + pointer))));
      cells.add(cell);
    }
    table.row(head, cells);
  }

  private boolean isBest(ModelData model, String pointer, Better better) {
    Double mine = model.number(pointer);
    if (mine == null || better == Better.NEITHER || models.size() < 2) {
      return false;
    }
    return models.stream()
        .filter(other -> !other.name().equals(model.name()))
        .map(other -> other.number(pointer))
        .allMatch(
            others -> others != null && (better == Better.HIGHER ? mine > others : mine < others));
  }

  private static Html main(Value value, boolean best) {
    Html cell = Html.of("div").add(value);
    return best ? cell.style("best").add(Html.of("span", "best").style("badge")) : cell;
  }

  private static Html small(Value reference, Value difference) {
    return Html.of("div").style("small").text("ref. ").add(reference).text(", ").add(difference);
  }
}
