package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.train.WorkerReport;
import io.involution.train.average.Slice;
import io.involution.train.average.UpdateCheck;
import io.involution.train.average.UpdateFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mean on the driver: slices are copied into it as they come, and let go. */
final class SlicedMean {
  private final UpdateCheck check;
  private final int slices;
  private final Map<String, float[]> sections = new LinkedHashMap<>();
  private List<WorkerReport> reports = List.of();
  private UpdateFault fault;
  private int missing;
  private long steps;
  private long nanos;

  /**
   * Nothing yet.
   *
   * @param check knows how long the sections are
   * @param slices how many will come
   */
  SlicedMean(UpdateCheck check, int slices) {
    this.check = check;
    this.slices = slices;
    this.missing = slices;
  }

  /** Takes a slice in; each comes once, in any order. */
  void put(MeanSlice slice) {
    long begin = System.nanoTime();
    if (slice.slice() == 0) {
      reports = slice.reports();
    }
    if (slice.fault() == null) {
      put(new Slice(slice.slice(), slices), slice.mean().received());
    } else if (fault == null) {
      fault = slice.fault();
    }
    missing--;
    nanos += System.nanoTime() - begin;
  }

  private void put(Slice slice, ModelState part) {
    steps = part.steps();
    for (String name : part.names()) {
      float[] whole = sections.computeIfAbsent(name, section -> new float[check.length(section)]);
      float[] entries = part.section(name);
      System.arraycopy(entries, 0, whole, slice.from(whole.length), entries.length);
    }
  }

  /** Why there will be no mean, as far as is known. */
  Optional<UpdateFault> fault() {
    return Optional.ofNullable(fault);
  }

  /** The whole mean, once every slice is there. */
  ModelState state() {
    if (missing != 0) {
      throw new IllegalStateException(missing + " slices of " + slices + " are missing");
    }
    return new ModelState(steps, sections);
  }

  /** The workers' figures, in worker order. */
  List<WorkerReport> reports() {
    return reports;
  }

  /** Seconds that it took to put the slices together. */
  double seconds() {
    return nanos / 1e9;
  }
}
