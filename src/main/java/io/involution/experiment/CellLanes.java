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

  /** Waits for everything that has been started; rethrows an exception if one was thrown. */
  void await() {
    try {
      for (Future<?> work : begun) {
        work.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells run", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a cell could not be run", e.getCause());
    } finally {
      begun.clear();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
