package io.involution.spark.exchange;

import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.Slice;
import io.involution.train.average.UpdateCheck;
import io.involution.train.average.UpdateFault;
import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;
import scala.Tuple2;

/**
 * What a worker sends to the reducer of a slice.
 *
 * @param worker the worker
 * @param examples its weight in the mean
 * @param report its figures; null but in slice 0
 * @param fault why its update may not enter the mean; null where it may
 * @param state the slice of its state; null with a fault
 */
record UpdateSlice(
    int worker, int examples, WorkerReport report, UpdateFault fault, StateSlice state)
    implements Serializable {

  /**
   * Cuts a worker's update, after a look at all of it.
   *
   * @param worker whose it has to be
   * @param update its update
   * @param check what it has to be to enter the mean
   * @param slices how many reducers there are
   * @return its slices, each by its number, made one at a time
   */
  static Iterator<Tuple2<Integer, UpdateSlice>> cut(
      int worker, WorkerUpdate update, UpdateCheck check, int slices) {
    UpdateFault fault = check.fault(worker, update).orElse(null);
    return IntStream.range(0, slices)
        .mapToObj(
            slice ->
                new Tuple2<>(
                    slice,
                    new UpdateSlice(
                        worker,
                        update.report().examples(),
                        slice == 0 ? update.report() : null,
                        fault,
                        fault == null
                            ? new StateSlice(update.state(), new Slice(slice, slices))
                            : null)))
        .iterator();
  }
}
