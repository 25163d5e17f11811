package io.involution.data.cifar10;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;

/** Refusals of data that cannot be read. */
final class Unreadable {
  private Unreadable() {}

  /**
   * The refusal of a place that gave an error. Not caused by it: of what a task throws Spark logs
   * the causes too, and their messages may hold the user info that is not shown here.
   */
  static InputException because(String place, IOException e) {
    return new InputException(
        "%s cannot be read (%s): check --data and your access to it"
            .formatted(Places.shown(place), Places.reason(e)));
  }
}
