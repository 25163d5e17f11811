package io.involution.cli;

import io.involution.plan.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** How a calibration measures, and what it has seen: shown at once, and kept for the file. */
final class CalibrationLog {
  private final int rounds;
  private final int warmUpSeconds;
  private final Consumer<String> shown;
  private final List<String> timings = new ArrayList<>();

  /**
   * Begins with nothing seen.
   *
   * @param rounds measurements of each kind
   * @param warmUpSeconds how long each kind runs before them
   * @param shown told every line
   */
  CalibrationLog(int rounds, int warmUpSeconds, Consumer<String> shown) {
    this.rounds = rounds;
    this.warmUpSeconds = warmUpSeconds;
    this.shown = shown;
  }

  int rounds() {
    return rounds;
  }

  int warmUpSeconds() {
    return warmUpSeconds;
  }

  /** Shows a line. */
  void say(String line) {
    shown.accept(line);
  }

  /** Shows and keeps a line with median and range in milliseconds; gives the median in seconds. */
  double timing(String what, List<Double> seconds) {
    Timing timing = Timing.of(seconds);
    String line =
        String.format(
            Locale.ROOT,
            "%s: %.3g ms (%.3g to %.3g)",
            what,
            1000 * timing.median(),
            1000 * timing.least(),
            1000 * timing.most());
    timings.add(line);
    say(line);
    return timing.median();
  }

  /** The lines of all timings so far. */
  List<String> timings() {
    return List.copyOf(timings);
  }
}
