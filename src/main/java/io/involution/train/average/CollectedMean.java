package io.involution.train.average;

import io.involution.compute.DaemonThreads;
import io.involution.model.state.ModelState;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The mean of whole updates, on the driver: each is checked, added and released while other workers
 * still compute. Sections that belong to one worker are kept.
 */
public final class CollectedMean {
  /** Not the common pool, whose threads are needed for the additions themselves. */
  private static final Executor THREADS =
      Executors.newCachedThreadPool(new DaemonThreads("involution-average"));

  private final UpdateCheck check;
  private final OrderedMean mean;
  private final Queue<Arrival> arrived = new ConcurrentLinkedQueue<>();
  private long bytes;
  private CompletableFuture<Void> added = CompletableFuture.completedFuture(null);

  /**
   * An empty mean.
   *
   * @param check what an update must satisfy to enter the mean
   * @param workers the expected number of updates
   */
  public CollectedMean(UpdateCheck check, int workers) {
    this.check = check;
    this.mean = new OrderedMean(WeightedMean.onAllCores(), workers);
  }

  private record Arrival(int worker, WorkerUpdate update) {}

  /**
   * Adds an update; must not be called concurrently. Another thread does the work, one update at a
   * time.
   */
  public void put(WorkerUpdate update, int worker) {
    arrived.add(new Arrival(worker, update));
    added = added.thenRunAsync(this::addArrived, THREADS);
  }

  /** Adds everything that has arrived; nothing if an earlier call has added it already. */
  private void addArrived() {
    List<Arrival> some = new ArrayList<>();
    for (Arrival next = arrived.poll(); next != null; next = arrived.poll()) {
      some.add(next);
      bytes += next.update().state().bytes();
    }
    mean.put(
        some.parallelStream()
            .map(next -> UpdateSlice.whole(next.worker(), next.update(), check))
            .toList());
  }

  /**
   * The mean, after all updates have been added.
   *
   * @throws RuntimeException when an update may not enter it: the first such worker's fault
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
    return mean.value();
  }

  /** The workers' metrics of each round, in worker order; complete after {@link #state}. */
  public List<List<WorkerReport>> rounds() {
    return mean.rounds();
  }

  /** Size of all updates in bytes; complete after {@link #state}. */
  public long bytes() {
    return bytes;
  }
}
