package io.involution.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A value of the driver for the tasks of its jobs: broadcast to the executors, or part of the
 * tasks' code if it is small, or the driver's own object where the tasks run in its JVM. Spark
 * writes a broadcast value into bytes even there, which for a model state takes longer than a job
 * with nothing to do.
 *
 * @param <T> its type
 */
public final class SharedValue<T> implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** Those of this JVM that are not broadcast, by number. */
  private static final Map<Long, Object> OWN = new ConcurrentHashMap<>();

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Every task reads its own copy of the code, and the executors fetch that in any case. */
  private static final long SMALL_BYTES = 256 * 1024;

  /** Null if it is small, and where the tasks run in the driver's JVM. */
  private final Broadcast<T> broadcast;

  /** The value itself if it is small. */
  @SuppressWarnings("serial") // as serializable as what is broadcast
  private final T small;

  private final long number;

  private SharedValue(Broadcast<T> broadcast, T small, long number) {
    this.broadcast = broadcast;
    this.small = small;
    this.number = number;
  }

  /**
   * Makes a value available to tasks, which do not change it, until it is closed.
   *
   * @param bytes its approximate size
   */
  public static <T> SharedValue<T> of(JavaSparkContext context, T value, long bytes) {
    if (!context.isLocal()) {
      return bytes <= SMALL_BYTES
          ? new SharedValue<>(null, value, 0)
          : new SharedValue<>(context.broadcast(value), null, 0);
    }
    SharedValue<T> shared = new SharedValue<>(null, null, NUMBERS.incrementAndGet());
    OWN.put(shared.number, value);
    return shared;
  }

  /**
   * The value, in a task.
   *
   * @throws IllegalStateException when it has been closed: the job that needed it is over
   */
  @SuppressWarnings("unchecked") // put there by of()
  public T value() {
    if (broadcast != null) {
      return broadcast.value();
    }
    if (small != null) {
      return small;
    }
    Object own = OWN.get(number);
    if (own == null) {
      throw new IllegalStateException("this task's job is over");
    }
    return (T) own;
  }

  /** Takes it away from the executors, without waiting for them. */
  @Override
  public void close() {
    if (broadcast != null) {
      broadcast.destroy();
    } else {
      OWN.remove(number);
    }
  }
}
