package io.involution.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A value of the driver for the tasks of its jobs: broadcast to the executors, or the driver's own
 * object where the tasks run in its JVM. Spark writes a broadcast value into bytes even there,
 * which for a model state takes longer than a job with nothing to do.
 *
 * @param <T> its type
 */
public final class SharedValue<T> implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** Those of this JVM that are not broadcast, by number. */
  private static final Map<Long, Object> OWN = new ConcurrentHashMap<>();

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Null where the tasks run in the driver's JVM. */
  private final Broadcast<T> broadcast;

  private final long number;

  private SharedValue(Broadcast<T> broadcast, long number) {
    this.broadcast = broadcast;
    this.number = number;
  }

  /** Makes a value available to tasks, which do not change it, until it is closed. */
  public static <T> SharedValue<T> of(JavaSparkContext context, T value) {
    if (!context.isLocal()) {
      return new SharedValue<>(context.broadcast(value), 0);
    }
    SharedValue<T> shared = new SharedValue<>(null, NUMBERS.incrementAndGet());
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
