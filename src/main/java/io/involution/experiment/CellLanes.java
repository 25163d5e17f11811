package io.involution.experiment;

import io.involution.compute.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs cells in parallel: together they use no more task slots than there are, and a cell that
 * needs more than that runs alone. The threads are reused, because ND4J keeps memory for each one.
 */
final class CellLanes implements AutoCloseable {
  private final int slots;
  private final Semaphore free;
  private final Semaphore lanes;
  private final ExecutorService threads;
  private final List<Future<?>> begun = new ArrayList<>();

  CellLanes(int slots, Optional<Integer> parallel) {
    this.slots = Math.max(1, slots);
    this.free = new Semaphore(this.slots, true);
    int number = Math.min(this.slots, parallel.orElse(this.slots));
    this.lanes = new Semaphore(number, true);
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            number, work -> new DaemonThreads("cells-" + count.incrementAndGet()).newThread(work));
  }

  /** Waits for free task slots, then starts the work. */
  void run(int wanted, Runnable work) {
    int needed = Math.min(Math.max(1, wanted), slots);
    lanes.acquireUninterruptibly();
    free.acquireUninterruptibly(needed);
    begun.add(
        threads.submit(
            () -> {
              try {
                work.run();
              } finally {
                free.release(needed);
                lanes.release();
              }
            }));
  }

  /**
   * Waits for everything that has been started, whatever fails meanwhile: the other cells go on.
   * Rethrows the first exception, and the others with it.
   */
  void await() {
    List<ExecutionException> failures = new ArrayList<>();
    try {
      for (Future<?> work : begun) {
        try {
          work.get();
        } catch (ExecutionException e) {
          failures.add(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells run", e);
    } finally {
      begun.clear();
    }
    if (!failures.isEmpty()) {
      throw first(failures);
    }
  }

  private static RuntimeException first(List<ExecutionException> failures) {
    Throwable cause = failures.get(0).getCause();
    RuntimeException first =
        cause instanceof RuntimeException failure
            ? failure
            : new IllegalStateException("a cell could not be run", cause);
    failures.stream().skip(1).forEach(first::addSuppressed);
    return first;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
