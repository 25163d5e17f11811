package io.involution.spark.exchange;

import io.involution.train.WorkerReport;
import io.involution.train.average.CheckedMean;
import io.involution.train.average.Slice;
import io.involution.train.average.UpdateFault;
import io.involution.train.average.WeightedMean;
import io.involution.train.average.WorkerOrder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
    WorkerOrder<UpdateSlice> order = new WorkerOrder<>();
    List<WorkerReport> reports = new ArrayList<>();
    CheckedMean mean = new CheckedMean(WeightedMean.onOneCore());
    int slice = 0;
    while (slices.hasNext()) {
      Tuple2<Integer, UpdateSlice> next = slices.next();
      slice = next._1();
      order.put(
          next._2().worker(),
          next._2(),
          due -> {
            if (due.report() != null) {
              reports.add(due.report());
            }
            if (due.fault() == null) {
              mean.add(List.of(new WeightedMean.Weighted(due.examples(), due.state().received())));
            } else {
              mean.add(due.fault());
            }
          });
    }
    if (order.someWait()) {
      throw new IllegalStateException("worker " + order.due() + " has sent no slice " + slice);
    }
    UpdateFault fault = mean.fault().orElse(null);
    return new MeanSlice(
        slice, reports, fault, fault == null ? new StateSlice(mean.value(), Slice.WHOLE) : null);
  }
}
