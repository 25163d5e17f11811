package io.involution.spark;

import io.involution.train.UpdateFault;
import io.involution.train.WeightedMean;
import io.involution.train.WorkerReport;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import scala.Tuple2;

/**
 * What a reducer sends to the driver.
 *
 * @param slice which slice
 * @param reports every worker's figures, in worker order; none but in slice 0
 * @param fault why there is no mean, by the first worker with a fault; null where there is one
 * @param mean the mean of the workers' slices; null with a fault
 */
record MeanSlice(int slice, List<WorkerReport> reports, UpdateFault fault, StateSlice mean)
    implements Serializable {

  /**
   * Averages a slice. Slices come in any order; each is added as soon as those of the workers
   * before it are, and then let go.
   *
   * @param slices one a worker, in any order
   */
  static MeanSlice of(Iterator<Tuple2<Integer, UpdateSlice>> slices) {
    Map<Integer, UpdateSlice> early = new HashMap<>();
    Sum sum = new Sum();
    int slice = 0;
    int worker = 0;
    while (slices.hasNext()) {
      Tuple2<Integer, UpdateSlice> next = slices.next();
      slice = next._1();
      early.put(next._2().worker(), next._2());
      for (UpdateSlice due = early.remove(worker); due != null; due = early.remove(worker)) {
        sum.add(due);
        worker++;
      }
    }
    if (!early.isEmpty()) {
      throw new IllegalStateException("worker " + worker + " has sent no slice " + slice);
    }
    return sum.end(slice);
  }

  /** What has been added up. */
  private static final class Sum {
    private final WeightedMean mean = new WeightedMean();
    private final List<WorkerReport> reports = new ArrayList<>();
    private UpdateFault mismatch;
    private UpdateFault fault;

    void add(UpdateSlice update) {
      if (update.report() != null) {
        reports.add(update.report());
      }
      if (update.fault() != null) {
        fault = fault == null ? update.fault() : fault;
        return;
      }
      try {
        mean.add(update.examples(), update.state().received());
      } catch (IllegalArgumentException e) {
        mismatch = new UpdateFault(UpdateFault.Kind.MISMATCHED, e.getMessage());
      }
    }

    MeanSlice end(int slice) {
      // What is wrong with one update comes first: so it does where the driver looks at all.
      UpdateFault first = fault == null ? mismatch : fault;
      return new MeanSlice(
          slice, reports, first, first == null ? new StateSlice(mean.value(), Slice.WHOLE) : null);
    }
  }
}
