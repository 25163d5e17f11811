package io.involution.metrics;

import java.util.Locale;

/** Formats durations for people, independently of the machine's locale. */
public final class Durations {
  private static final int HOUR = 3600;

  private Durations() {}

  /** In words, such as {@code 4.2 s}, {@code 3 min 05 s} or {@code 1 h 02 min}. */
  public static String words(double seconds) {
    if (Math.round(10 * seconds) < 600) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < HOUR
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / HOUR, whole % HOUR / 60);
  }

  /** As on a clock, such as {@code 3:05} or {@code 1:02:45}. */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < HOUR
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / HOUR, whole / 60 % 60, whole % 60);
  }
}
