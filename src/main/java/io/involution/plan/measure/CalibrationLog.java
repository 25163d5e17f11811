package io.involution.plan.measure;

import io.involution.plan.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How often a calibration measures, and its results: shown at once, and kept for the file. */
public final class CalibrationLog {
  private final int rounds;
  private final int warmUpSeconds;
  private final Consumer<String> shown;
  private final List<String> timings = new ArrayList<>();

  /**
   * Starts without results.
   *
   * @param rounds number of measurements of each kind
   * @param warmUpSeconds how long each kind runs before it is measured
   * @param shown receives every line
   */
  public CalibrationLog(int rounds, int warmUpSeconds, Consumer<String> shown) {
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

  /** Runs the body for the warm-up time, at least once. */
  void warmUp(Runnable body) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    do {
      body.run();
    } while (System.nanoTime() < end);
  }

  /** Shows a line. */
  public void say(String line) {
    shown.accept(line);
  }

  /** Shows and keeps a line with median and range in milliseconds; returns the median. */
  double timing(String what, List<Double> seconds) {
    timings.add(shown(what, seconds));
    return Timing.of(seconds).median();
  }

  /** Shows a line with median and range in milliseconds. */
  String shown(String what, List<Double> seconds) {
    Timing timing = Timing.of(seconds);
    String line =
        String.format(
            Locale.ROOT,
            "%s: %s ms (%s to %s)",
            what,
            milliseconds(timing.median()),
            milliseconds(timing.least()),
            milliseconds(timing.most()));
    say(line);
    return line;
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.2f" : "%,.0f", 1000 * seconds);
  }

  /** The lines of all timings so far. */
  List<String> timings() {
    return List.copyOf(timings);
  }
}
