package io.involution.train.average;

import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck.Fault;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A slice of one worker's update, already checked: what the worker sends to the reducer that
 * averages this slice of all updates.
 *
 * @param slice which slice, from 0
 * @param worker the worker
 * @param examples its weight in the mean
 * @param reports its metrics of each round; empty in all slices but the first
 * @param fault why its update may not enter the mean; null if it may
 * @param state the slice of its model state; null with a fault
 */
public record UpdateSlice(
    int slice, int worker, int examples, List<WorkerReport> reports, Fault fault, StateSlice state)
    implements Serializable {

  /**
   * Checks all of an update and cuts it.
   *
   * @param worker the worker that the update must come from
   * @param update its update
   * @param check what it must satisfy to enter the mean
   * @param count number of slices
   * @return the slices in order, each made when it is asked for
   */
  public static Iterator<UpdateSlice> cut(
      int worker, WorkerUpdate update, UpdateCheck check, int count) {
    Fault fault = check.fault(worker, update).orElse(null);
    return IntStream.range(0, count)
        .mapToObj(
            slice ->
                new UpdateSlice(
                    slice,
                    worker,
                    update.report().examples(),
                    slice == 0 ? update.reports() : List.of(),
                    fault,
                    fault == null ? new StateSlice(update.state(), slice, count) : null))
        .iterator();
  }

  /** Checks an update and gives it as its only slice. */
  static UpdateSlice whole(int worker, WorkerUpdate update, UpdateCheck check) {
    return cut(worker, update, check, 1).next();
  }

  /** What enters the mean, without a fault. */
  WeightedMean.Weighted weighted() {
    return new WeightedMean.Weighted(examples, state.received());
  }
}
