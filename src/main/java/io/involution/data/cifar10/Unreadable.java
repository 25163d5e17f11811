package io.involution.data.cifar10;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.util.Locale;

/** Errors for data that cannot be read. */
final class Unreadable {
  private Unreadable() {}

  /**
   * The error for a place that cannot be read. It leaves out the cause: Spark logs the causes of
   * what a task throws, and their messages may hold the user information that is hidden here.
   */
  static InputException because(String place, IOException e) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s cannot be read (%s): check --data and your access to it",
            Places.shown(place),
            Places.reason(e)));
  }
}
