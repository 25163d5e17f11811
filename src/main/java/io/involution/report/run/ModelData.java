package io.involution.report.run;

import io.involution.metrics.EpochRow;
import io.involution.metrics.MetricsRow;
import io.involution.metrics.ModelArtifacts;
import io.involution.metrics.ModelResult;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.RoundRow;
import io.involution.metrics.WorkerRow;
import io.involution.model.summary.NetworkSummary.LayerRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's folder holds about one network.
 *
 * @param name the network's name, which file names have as it is
 * @param color its place in the palette
 * @param result its result in run.json; empty until its training has ended
 * @param epochs a row for every epoch
 * @param rounds a row for every round; none if the trainer does not report rounds
 * @param workers a row for every round and worker
 * @param costs where a round's time went; empty if the trainer does not report rounds
 * @param artifacts what is drawn
 */
public record ModelData(
    String name,
    int color,
    Optional<ModelResult> result,
    List<EpochRow> epochs,
    List<RoundRow> rounds,
    List<WorkerRow> workers,
    Optional<RoundCosts> costs,
    ModelArtifacts artifacts) {
  /** Selects a network's rows from those of the run. */
  static ModelData of(
      String name, int color, ModelResult result, List<MetricsRow> rows, ModelArtifacts artifacts) {
    return new ModelData(
        name,
        color,
        Optional.ofNullable(result),
        rows(EpochRow.class, name, rows),
        rows(RoundRow.class, name, rows),
        rows(WorkerRow.class, name, rows),
        Optional.ofNullable(RoundCosts.of(rows, name)),
        artifacts);
  }

  private static <T extends MetricsRow> List<T> rows(
      Class<T> type, String name, List<MetricsRow> rows) {
    return rows.stream()
        .filter(row -> row.model().equals(name))
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** A number of the result, by its JSON pointer; null if it is absent. */
  public Double number(String pointer) {
    return result.map(ModelResult::numbers).orElse(Map.of()).get(pointer);
  }

  /** The location of one of the result's numbers in the run's files. */
  public String place(String pointer) {
    return "run.json#/results/" + name + pointer;
  }

  /** Trainable and other parameters together; null if there is no result. */
  public Double parameters() {
    Double trainable = number("/parameters/trainable");
    Double others = number("/parameters/non_trainable");
    return trainable == null || others == null ? null : Double.valueOf(trainable + others);
  }

  /** Operations of a forward pass for one example; null if the network's layers are unknown. */
  public Double operations() {
    return artifacts
        .network()
        .map(network -> network.layers().stream().mapToDouble(LayerRow::flops).sum())
        .orElse(null);
  }

  /** The row of the epoch with the best test accuracy, the first of equals. */
  public Optional<EpochRow> best() {
    return epochs.stream()
        .filter(row -> row.testAccuracy() != null)
        .reduce((best, row) -> row.testAccuracy() > best.testAccuracy() ? row : best);
  }

  /** Seconds of rounds and evaluations up to the end of an epoch. */
  public double secondsUntil(int epoch) {
    return epochs.stream().filter(row -> row.epoch() <= epoch).mapToDouble(EpochRow::seconds).sum();
  }

  /** The name in a heading. */
  public String title() {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
