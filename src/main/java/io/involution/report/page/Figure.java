package io.involution.report.page;

import java.util.Locale;

/**
 * A number as people read it, with the number itself and where it comes from, so that a page can be
 * checked against the files that it was made from.
 *
 * @param value the number itself; null where it is unknown
 * @param shown how it is read
 * @param from its place: a file of the run's folder and a JSON pointer into it, or what it was
 *     derived by
 */
public record Figure(Double value, String shown, String from) {
  private static final String UNKNOWN = "–";

  /** A share of 1 in percent, to a hundredth of a point. */
  public static Figure percent(Double value, String from) {
    return of(value, value == null ? UNKNOWN : format("%.2f\u00a0%%", 100 * value), from);
  }

  /** A share of 1 in percent, to a tenth of a point. */
  public static Figure roughPercent(Double value, String from) {
    return of(value, value == null ? UNKNOWN : format("%.1f\u00a0%%", 100 * value), from);
  }

  /** A difference of two shares in percentage points, with its sign. */
  public static Figure points(Double value, String from) {
    return of(value, value == null ? UNKNOWN : minus(format("%+.2f", 100 * value)), from);
  }

  /** A number with so many decimals. */
  public static Figure decimal(Double value, int decimals, String from) {
    return of(value, value == null ? UNKNOWN : minus(format("%,." + decimals + "f", value)), from);
  }

  /** A difference with so many decimals, with its sign. */
  public static Figure difference(Double value, int decimals, String from) {
    return of(value, value == null ? UNKNOWN : minus(format("%+,." + decimals + "f", value)), from);
  }

  /** A whole number. */
  public static Figure count(Number value, String from) {
    return value == null
        ? of(null, UNKNOWN, from)
        : of(value.doubleValue(), minus(format("%,d", Math.round(value.doubleValue()))), from);
  }

  /** A difference of whole numbers, with its sign. */
  public static Figure countDifference(long value, String from) {
    return of((double) value, minus(format("%+,d", value)), from);
  }

  /** Seconds; minutes and hours where there are many. */
  public static Figure duration(Double seconds, String from) {
    return of(seconds, seconds == null ? UNKNOWN : duration(seconds), from);
  }

  /** Bytes with a unit. */
  public static Figure bytes(Double bytes, String from) {
    return of(bytes, bytes == null ? UNKNOWN : scaled(bytes, 1024, "B", "KiB", "MiB", "GiB"), from);
  }

  /** Operations with a unit. */
  public static Figure operations(Double operations, String from) {
    return of(
        operations,
        operations == null ? UNKNOWN : scaled(operations, 1000, "", "k", "M", "G"),
        from);
  }

  /** The element. */
  public Html html() {
    if (value == null) {
      return Html.of("span", UNKNOWN).with("data-from", from);
    }
    return Html.of("data", shown).with("value", plain(value)).with("data-from", from);
  }

  private static Figure of(Double value, String shown, String from) {
    boolean known = value != null && Double.isFinite(value);
    return new Figure(known ? value : null, known ? shown : UNKNOWN, from);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  private static String duration(double seconds) {
    if (seconds < 60) {
      return format("%.1f\u00a0s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? format("%d\u00a0min %02d\u00a0s", whole / 60, whole % 60)
        : format("%d\u00a0h %02d\u00a0min", whole / 3600, whole % 3600 / 60);
  }

  private static String scaled(double value, double step, String... units) {
    double rest = value;
    int unit = 0;
    while (rest >= step && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    return format(unit == 0 ? "%.0f\u00a0%s" : "%.1f\u00a0%s", rest, units[unit])
        .replaceAll("\u00a0$", "");
  }

  private static String minus(String text) {
    return text.replace('-', '\u2212');
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
