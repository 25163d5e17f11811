package io.involution.run;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares what determines the result of a run with what determined it before. */
public final class Identities {
  private Identities() {}

  /**
   * Makes sure that a resumed run is still the same run.
   *
   * @param before what determined the result when the run started
   * @param now what would determine it now
   * @param place where the run is, for the error message
   * @throws InputException naming the first difference
   */
  public static void requireSame(
      Map<String, String> before, Map<String, String> now, String place) {
    now.forEach((key, value) -> compare(key, before.get(key), value, place));
    Set<String> gone = new TreeSet<>(before.keySet());
    gone.removeAll(now.keySet());
    gone.forEach(key -> compare(key, before.get(key), null, place));
  }

  private static void compare(String key, String before, String now, String place) {
    if (!String.valueOf(before).equals(String.valueOf(now))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--resume: %s was %s in %s and is %s now: use the same value, or another --out",
              key,
              shown(before),
              Places.shown(place),
              shown(now)));
    }
  }

  private static String shown(String value) {
    if (value == null) {
      return "unknown";
    }
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.isEmpty() ? "none" : line;
  }
}
