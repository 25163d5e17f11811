package io.involution.run;

import java.time.Duration;
import java.util.Optional;

/** A time after which work stops at the next point from which it can be resumed. */
public final class Deadline {
  /** A deadline that never comes. */
  public static final Deadline NEVER = new Deadline(Optional.empty());

  /** In the time of {@link System#nanoTime()}. */
  private final Optional<Long> end;

  private Deadline(Optional<Long> end) {
    this.end = end;
  }

  /** The deadline after a duration; never if there is no limit. */
  public static Deadline after(Optional<Duration> limit) {
    return new Deadline(limit.map(time -> System.nanoTime() + time.toNanos()));
  }

  /** The earlier of two deadlines. */
  public Deadline or(Deadline other) {
    if (end.isEmpty() || other.end.isEmpty()) {
      return end.isEmpty() ? other : this;
    }
    return end.get() - other.end.get() <= 0 ? this : other;
  }

  /** Whether the deadline has passed. */
  public boolean isOver() {
    return end.isPresent() && System.nanoTime() - end.get() >= 0;
  }
}
