package io.involution.run;

import java.time.Duration;
import java.util.Optional;

/** A moment after which work stops at the next point from which it can go on. */
public final class Deadline {
  /** The one that never comes. */
  public static final Deadline NEVER = new Deadline(Optional.empty());

  /** By {@link System#nanoTime()}. */
  private final Optional<Long> end;

  private Deadline(Optional<Long> end) {
    this.end = end;
  }

  /** The moment after some time; never where there is no limit. */
  public static Deadline after(Optional<Duration> limit) {
    return new Deadline(limit.map(time -> System.nanoTime() + time.toNanos()));
  }

  /** The earlier one of two. */
  public Deadline or(Deadline other) {
    if (end.isEmpty() || other.end.isEmpty()) {
      return end.isEmpty() ? other : this;
    }
    return end.get() - other.end.get() <= 0 ? this : other;
  }

  /** Whether it has passed. */
  public boolean isOver() {
    return end.isPresent() && System.nanoTime() - end.get() >= 0;
  }
}
