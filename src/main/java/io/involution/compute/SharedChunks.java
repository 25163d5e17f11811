package io.involution.compute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The chunks of one minibatch, which threads share: each takes the next chunk that nobody has, so
 * that none waits for another that starts late or is slow.
 */
final class SharedChunks {
  private final int images;
  private final int chunks;
  private final int threads;
  private final ImageChunks.Body body;
  private final Thread owner = Thread.currentThread();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;

  /** The owner is thread 0. */
  private final AtomicInteger nextThread = new AtomicInteger(1);

  private volatile Throwable failure;

  /**
   * Chunks of the calling thread, which owns them.
   *
   * @param threads how many may work, the owner included
   */
  SharedChunks(int images, int chunks, int threads, ImageChunks.Body body) {
    this.images = images;
    this.chunks = chunks;
    this.threads = threads;
    this.body = body;
    left = new AtomicInteger(chunks);
  }

  /** Called by the owner: works, and returns when all chunks are done. */
  void finish() {
    RuntimeException own = null;
    try {
      work(0);
    } catch (RuntimeException e) {
      own = e;
    } finally {
      await();
    }
    if (own != null) {
      if (failure != null) {
        own.addSuppressed(failure);
      }
      throw own;
    }
    if (failure != null) {
      throw new IllegalStateException("a thread of the layer failed", failure);
    }
  }

  /** Called by another thread: works as long as there is a chunk that nobody has taken. */
  void help() {
    int thread = nextThread.getAndIncrement();
    if (thread < threads) {
      work(thread);
    }
  }

  private void work(int thread) {
    for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
      boolean done = false;
      try {
        body.run(thread, ImageChunks.chunk(images, chunks, chunk));
        done = true;
      } catch (RuntimeException | Error e) {
        if (thread == 0) {
          throw e;
        }
        // Before this chunk counts as done: then the owner looks for it.
        failure = e;
      } finally {
        // After a failure nobody takes what is left.
        done(done ? 1 : 1 + Math.max(0, chunks - next.getAndSet(chunks)));
      }
    }
  }

  private void done(int count) {
    if (left.addAndGet(-count) == 0 && Thread.currentThread() != owner) {
      LockSupport.unpark(owner);
    }
  }

  /** Waits even when interrupted, since the others still use the owner's scratch memory. */
  private void await() {
    boolean interrupted = false;
    long start = System.nanoTime();
    while (left.get() > 0) {
      if (System.nanoTime() - start < Crew.SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
