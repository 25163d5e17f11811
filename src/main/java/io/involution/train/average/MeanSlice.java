package io.involution.train.average;

import io.involution.train.WorkerReport;
import io.involution.train.average.UpdateCheck.Fault;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * The mean of one slice of all updates: what a reducer sends to the driver.
 *
 * @param slice which slice, from 0
 * @param rounds all workers' metrics of each round, in worker order; empty in all slices but the
 *     first
 * @param fault why there is no mean, of the first worker with a fault; null if there is one
 * @param mean the mean of the workers' slices; null with a fault
 */
public record MeanSlice(int slice, List<List<WorkerReport>> rounds, Fault fault, StateSlice mean)
    implements Serializable {

  /**
   * Averages a slice.
   *
   * @param slices one from each worker, in any order; each is released as soon as it is added
   * @param value the slice in an element of them
   * @param workers number of workers
   */
  public static <T> MeanSlice of(Iterator<T> slices, Function<T, UpdateSlice> value, int workers) {
    OrderedMean mean = new OrderedMean(WeightedMean.onOneCore(), workers);
    int slice = 0;
    while (slices.hasNext()) {
      UpdateSlice next = value.apply(slices.next());
      slice = next.slice();
      mean.put(List.of(next));
    }
    Fault fault = mean.fault().orElse(null);
    return new MeanSlice(
        slice, mean.rounds(), fault, fault == null ? StateSlice.whole(mean.value()) : null);
  }
}
