package io.involution.failure;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What has led to a failure. */
public final class Causes {
  private Causes() {}

  /** A failure, its cause, the cause of that, and so on. */
  public static Stream<Throwable> of(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** The first of a type among a failure and its causes. */
  public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    return of(failure).filter(type::isInstance).map(type::cast).findFirst();
  }

  /** What everything began with. */
  public static Throwable root(Throwable failure) {
    return of(failure).reduce(failure, (outer, inner) -> inner);
  }
}
