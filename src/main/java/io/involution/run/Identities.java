package io.involution.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.config.option.Option.Effect;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.ModelMetadata;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what determines the result of a run with what determined it before. */
public final class Identities {
  /** The key of the numbers of epochs that the step size was scheduled for. */
  public static final String SCHEDULED_EPOCHS = "scheduled_epochs";

  /** What the key of a user's network begins with; its name follows. */
  public static final String NETWORK = "network ";

  private static final String NUMBER = "\\d{1,9}(\\.\\d{1,3})?";

  /** The keys of options that may be higher when a run goes on. */
  private static final Set<String> LIMITS =
      TrainConfig.OPTIONS.stream()
          .filter(option -> option.declaration().effect() == Effect.LIMIT)
          .map(DeclaredOption::key)
          .collect(Collectors.toUnmodifiableSet());

  private Identities() {}

  /**
   * The names of the users' networks that a run trains.
   *
   * @param identity what determines the run's result, as its record holds it; of any kind
   */
  static List<String> networks(JsonNode identity) {
    List<String> networks = new ArrayList<>();
    identity
        .fieldNames()
        .forEachRemaining(
            key -> {
              String name = key.startsWith(NETWORK) ? key.substring(NETWORK.length()) : "";
              if (ModelMetadata.isNetwork(name)) {
                networks.add(name);
              }
            });
    return networks;
  }

  /**
   * Whether a run is to go on for longer than it was to.
   *
   * @param before what determined the result so far
   * @param now what determines it now
   */
  public static boolean goesOnFurther(Map<String, String> before, Map<String, String> now) {
    return LIMITS.stream()
        .anyMatch(key -> before.containsKey(key) && !before.get(key).equals(now.get(key)));
  }

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
    if (!String.valueOf(before).equals(String.valueOf(now)) && !mayGrow(key, before, now)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--resume: %s was %s in %s and is %s now: use the same value%s, or another --out",
              key,
              shown(before),
              Places.shown(place),
              shown(now),
              LIMITS.contains(key) ? " or a higher one" : ""));
    }
  }

  /** Whether a value is a higher limit than before, where 0 is none, or a longer list. */
  private static boolean mayGrow(String key, String before, String now) {
    if (now == null) {
      return false;
    }
    if (key.equals(SCHEDULED_EPOCHS)) {
      return before == null || now.startsWith(before + ",");
    }
    return LIMITS.contains(key)
        && before != null
        && before.matches(NUMBER)
        && now.matches(NUMBER)
        && isHigher(new BigDecimal(before), new BigDecimal(now));
  }

  private static boolean isHigher(BigDecimal before, BigDecimal now) {
    return before.signum() > 0 && (now.signum() == 0 || now.compareTo(before) > 0);
  }

  private static String shown(String value) {
    if (value == null) {
      return "unknown";
    }
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.isEmpty() ? "none" : line;
  }
}
