package io.involution.train.average;

import io.involution.model.state.ModelState;
import io.involution.train.WorkerReport;
import io.involution.train.average.UpdateCheck.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean of a round, assembled on the driver from the means of its slices as they arrive. */
public final class SlicedMean {
  private final UpdateCheck check;
  private final int slices;
  private final Map<String, float[]> sections = new LinkedHashMap<>();
  private List<List<WorkerReport>> rounds = List.of();
  private Fault fault;
  private int missing;
  private long steps;
  private long nanos;

  /**
   * An empty mean.
   *
   * @param check knows the lengths of the sections
   * @param slices the expected number of slices
   */
  public SlicedMean(UpdateCheck check, int slices) {
    this.check = check;
    this.slices = slices;
    this.missing = slices;
  }

  /** Adds a slice; each arrives once, in any order. */
  public void put(MeanSlice slice) {
    long begin = System.nanoTime();
    if (slice.slice() == 0) {
      rounds = slice.rounds();
    }
    if (slice.fault() == null) {
      copy(slice.mean().received(), slice.slice());
    } else if (fault == null) {
      fault = slice.fault();
    }
    missing--;
    nanos += System.nanoTime() - begin;
  }

  private void copy(ModelState part, int slice) {
    steps = part.steps();
    for (String name : part.names()) {
      float[] whole = sections.computeIfAbsent(name, section -> new float[check.length(section)]);
      float[] entries = part.section(name);
      int from = StateSlice.border(whole.length, slice, slices);
      System.arraycopy(entries, 0, whole, from, entries.length);
    }
  }

  /**
   * Stops a round that can have no mean.
   *
   * @throws RuntimeException the fault of an update, if one is known
   */
  public void requireSound() {
    if (fault != null) {
      throw fault.exception();
    }
  }

  /** The whole mean, after every slice has arrived. */
  public ModelState state() {
    if (missing != 0) {
      throw new IllegalStateException(missing + " slices of " + slices + " are missing");
    }
    return new ModelState(steps, sections);
  }

  /** The workers' metrics of each round, in worker order. */
  public List<List<WorkerReport>> rounds() {
    return rounds;
  }

  /** Seconds that it took to assemble the slices. */
  public double seconds() {
    return nanos / 1e9;
  }
}
