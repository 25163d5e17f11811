package io.involution.train.average;

import io.involution.model.state.ModelState;
import io.involution.train.DivergenceException;
import io.involution.train.WorkerReport;
import io.involution.train.average.UpdateCheck.Fault;
import io.involution.train.average.WeightedMean.Weighted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The mean of a round's updates, or of the same slice of each. They arrive in any order; each is
 * added as soon as those of all earlier workers have been added, and then released. If several have
 * a fault, the first worker's is reported; a fault in a single update takes precedence over updates
 * that do not match each other.
 */
final class OrderedMean {
  private final WeightedMean mean;
  private final int workers;
  private final Map<Integer, UpdateSlice> early = new HashMap<>();
  private final List<List<WorkerReport>> rounds = new ArrayList<>();
  private int added;
  private Fault fault;
  private Fault mismatch;

  /**
   * An empty mean.
   *
   * @param mean computes it
   * @param workers the expected number of updates
   */
  OrderedMean(WeightedMean mean, int workers) {
    this.mean = mean;
    this.workers = workers;
  }

  /** Takes some updates, and adds every update whose turn has come. */
  void put(List<UpdateSlice> slices) {
    slices.forEach(slice -> early.put(slice.worker(), slice));
    List<UpdateSlice> due = new ArrayList<>();
    for (UpdateSlice next = early.remove(added); next != null; next = early.remove(added)) {
      due.add(next);
      added++;
      report(next.reports());
      fault = fault == null ? next.fault() : fault;
    }
    if (due.isEmpty() || fault != null || mismatch != null) {
      return;
    }
    try {
      List<Weighted> weighted = due.stream().map(UpdateSlice::weighted).toList();
      if (added == workers) {
        mean.addLast(weighted);
      } else {
        mean.add(weighted);
      }
    } catch (IllegalArgumentException e) {
      mismatch = new Fault(Fault.Kind.MISMATCHED, e.getMessage());
    }
  }

  private void report(List<WorkerReport> reports) {
    for (int round = 0; round < reports.size(); round++) {
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(reports.get(round));
    }
  }

  /**
   * Why there is no mean.
   *
   * @throws IllegalStateException when an update is missing
   */
  Optional<Fault> fault() {
    if (added != workers) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "%d updates of %d are missing", workers - added, workers));
    }
    return Optional.ofNullable(fault == null ? mismatch : fault);
  }

  /**
   * The mean.
   *
   * @throws DivergenceException when an update contains NaN or infinite numbers
   * @throws io.involution.failure.RunFailedException when one is not of this round or model
   * @throws IllegalArgumentException when they do not match each other
   * @throws IllegalStateException when one is missing
   */
  ModelState value() {
    Optional<Fault> found = fault();
    if (found.isPresent()) {
      throw found.get().exception();
    }
    return mean.value();
  }

  /** The workers' metrics of each round, in worker order. */
  List<List<WorkerReport>> rounds() {
    return rounds.stream().map(List::copyOf).toList();
  }
}
