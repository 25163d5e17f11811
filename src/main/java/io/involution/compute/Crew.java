package io.involution.compute;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that help one other thread. A step asks for help some thirty times within a few
 * milliseconds, and waking a thread takes as long as some of that work: so helpers stay awake for a
 * moment, and the thread that asks does not wait until they have started.
 */
final class Crew {
  /** How long a thread that has nothing to do stays awake. */
  static final long SPIN_NANOS = 50_000;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(new DaemonThreads("image-chunks"));

  /** How many helpers are awake, or are being woken. */
  private final AtomicInteger present = new AtomicInteger();

  private volatile SharedChunks current;

  /** Called by the owner: all chunks are done when this returns. */
  void run(SharedChunks work, int helpers) {
    current = work;
    while (present.get() < helpers) {
      present.incrementAndGet();
      THREADS.execute(this::stay);
    }
    try {
      work.finish();
    } finally {
      current = null;
    }
  }

  private void stay() {
    SharedChunks seen = null;
    do {
      seen = help(seen);
      present.decrementAndGet();
      // The owner either has seen that one is missing, or has left its work before.
    } while (isNew(current, seen) && present.incrementAndGet() > 0);
  }

  /** Helps until there is nothing to do for a moment; returns what it has helped with last. */
  private SharedChunks help(SharedChunks before) {
    SharedChunks seen = before;
    long idleSince = System.nanoTime();
    while (System.nanoTime() - idleSince < SPIN_NANOS) {
      SharedChunks work = current;
      if (isNew(work, seen)) {
        work.help();
        seen = work;
        idleSince = System.nanoTime();
      } else {
        Thread.onSpinWait();
      }
    }
    return seen;
  }

  private static boolean isNew(SharedChunks work, SharedChunks seen) {
    return work != null && work != seen;
  }
}
