package io.involution.report.page;

import io.involution.metrics.Durations;
import io.involution.metrics.EpochRow;
import io.involution.report.run.RunData;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A number formatted for people, together with its exact value and its origin, so that a page can
 * be checked against the files that it was made from.
 *
 * @param value the number itself; null if it is unknown
 * @param shown its text
 * @param from its origin: a file of the run's folder and a JSON pointer into it, or the name of a
 *     derived number
 */
record Value(Double value, String shown, String from) {
  private static final String DASH = RunData.UNKNOWN;

  /** A number that is in none of the run's files. */
  static final Value UNKNOWN = new Value(null, DASH, "missing");

  /** A fraction of 1 in percent; computed from the decimal number that JSON has for it. */
  static Value percent(float value, String from) {
    return percent(Double.valueOf(Float.toString(value)), from);
  }

  /** A fraction of 1 in percent, to a hundredth of a point. */
  static Value percent(Double value, String from) {
    return of(value, from, known -> format("%.2f\u00a0%%", 100 * known));
  }

  /** A fraction of 1 in percent, to a tenth of a point. */
  static Value roughPercent(Double value, String from) {
    return of(value, from, known -> format("%.1f\u00a0%%", 100 * known));
  }

  /** A difference of two fractions in percentage points, with its sign. */
  static Value points(Double value, String from) {
    return of(value, from, known -> minus(format("%+.2f", 100 * known)));
  }

  /** A number with a given number of decimals. */
  static Value decimal(Double value, int decimals, String from) {
    return of(value, from, known -> minus(format("%,." + decimals + "f", known)));
  }

  /** A difference with a given number of decimals, with its sign. */
  static Value difference(Double value, int decimals, String from) {
    return of(value, from, known -> minus(format("%+,." + decimals + "f", known)));
  }

  /** A whole number. */
  static Value count(Number value, String from) {
    Double number = value == null ? null : Double.valueOf(value.doubleValue());
    return of(number, from, known -> minus(format("%,d", Math.round(known))));
  }

  /** An epoch, from 1: by its number, or by where it ended if that was within it. */
  static Value epoch(Number epoch, RunData run, String from) {
    if (epoch == null) {
      return count(null, from);
    }
    int number = epoch.intValue();
    double end = run.end(number);
    return new Value(
        end, EpochRow.shown(number, end), end == number ? from : "run.json#/options/epochs");
  }

  /** A duration: seconds, or minutes and hours if it is long. */
  static Value duration(Double seconds, String from) {
    return of(seconds, from, known -> Durations.words(known).replaceAll("(?<=\\d) ", "\u00a0"));
  }

  /** A number of bytes with a unit. */
  static Value bytes(Double bytes, String from) {
    return of(bytes, from, known -> scaled(known, 1024, "B", "KiB", "MiB", "GiB"));
  }

  /** A number of operations with a unit. */
  static Value operations(Double operations, String from) {
    return of(operations, from, known -> scaled(known, 1000, "", "k", "M", "G"));
  }

  /** The element. */
  Html html() {
    if (value == null) {
      return Html.of("span", DASH).with("data-from", from);
    }
    return Html.of("data", shown).with("value", plain(value)).with("data-from", from);
  }

  private static Value of(Double value, String from, DoubleFunction<String> shown) {
    boolean known = value != null && Double.isFinite(value);
    return new Value(known ? value : null, known ? shown.apply(value) : DASH, from);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
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
