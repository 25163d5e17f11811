package io.involution.train.average;

import io.involution.compute.DaemonThreads;
import io.involution.model.state.ModelState;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The mean on the driver: every update is looked at, added and let go as soon as those of the
 * workers before it have come, while others still compute; sections that workers keep for
 * themselves stay.
 */
public final class CollectedMean {
  /** Not the common pool's: it is asked to help with every addition. */
  private static final Executor THREADS =
      Executors.newCachedThreadPool(new DaemonThreads("involution-average"));

  private final UpdateCheck check;
  private final int workers;
  private final CheckedMean mean = new CheckedMean(WeightedMean.onAllCores());
  private final Queue<Arrival> arrived = new ConcurrentLinkedQueue<>();
  private final WorkerOrder<WorkerUpdate> order = new WorkerOrder<>();
  private final List<WorkerReport> reports = new ArrayList<>();
  private long bytes;
  private CompletableFuture<Void> added = CompletableFuture.completedFuture(null);

  /**
   * Nothing yet.
   *
   * @param check what an update has to be to enter the mean
   * @param workers how many updates will come
   */
  public CollectedMean(UpdateCheck check, int workers) {
    this.check = check;
    this.workers = workers;
  }

  /** Takes an update, by one call at a time; other threads do the work, one at a time. */
  public void put(WorkerUpdate update, int worker) {
    arrived.add(new Arrival(worker, update));
    added = added.thenRunAsync(this::addArrived, THREADS);
  }

  private record Arrival(int worker, WorkerUpdate update) {}

  /** Adds all that is due; nothing, where an earlier call has taken it already. */
  private void addArrived() {
    List<WorkerUpdate> due = new ArrayList<>();
    for (Arrival next = arrived.poll(); next != null; next = arrived.poll()) {
      order.put(next.worker(), next.update(), due::add);
    }
    if (due.isEmpty()) {
      return;
    }
    int first = reports.size();
    due.forEach(update -> reports.add(update.report()));
    bytes += due.stream().mapToLong(update -> update.state().bytes()).sum();
    Optional<UpdateFault> fault =
        IntStream.range(0, due.size())
            .parallel()
            .mapToObj(i -> check.fault(first + i, due.get(i)))
            .flatMap(Optional::stream)
            .findFirst();
    if (fault.isPresent()) {
      mean.add(fault.get());
    } else {
      mean.add(due.stream().map(CollectedMean::weighted).toList());
    }
  }

  private static WeightedMean.Weighted weighted(WorkerUpdate update) {
    return new WeightedMean.Weighted(update.report().examples(), update.state());
  }

  /**
   * The mean, once every update has been taken.
   *
   * @throws RuntimeException when an update may not enter it: the fault of the first such worker
   */
  public ModelState state() {
    try {
      added.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
    if (reports.size() != workers) {
      throw new IllegalStateException(
          "%d updates of %d are missing".formatted(workers - reports.size(), workers));
    }
    return mean.value();
  }

  /** The workers' figures, in worker order; whole after {@link #state}. */
  public List<WorkerReport> reports() {
    return List.copyOf(reports);
  }

  /** Bytes of the updates; whole after {@link #state}. */
  public long bytes() {
    return bytes;
  }
}
