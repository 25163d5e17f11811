package io.involution.experiment;

import io.involution.failure.InputException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of the placeholders in an output folder's name. {@code {slot}} is the slot of a schedule
 * as the scheduler names it, so that a retry of the same slot finds its folder again; without a
 * slot it is the date. {@code {date}} is the date that the slot begins with, as written there;
 * without a slot it is the start date in UTC. {@code {name}} is the experiment's name. Users can
 * define others.
 */
public final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2}|\\d{8})(\\D.*)?");
  private static final String DAY = "date";
  private static final Pattern SLOT = Pattern.compile("\\w[\\w.:+-]{0,99}");

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Sets the values.
   *
   * @param name the experiment's name
   * @param slot the slot of a schedule, if there is one
   * @param own user-defined values, by name
   * @param clock the current time
   */
  public Placeholders(String name, Optional<String> slot, Map<String, String> own, Clock clock) {
    slot.ifPresent(text -> check("--slot", text));
    own.forEach((key, value) -> check("--set " + key, value));
    String today = LocalDate.now(clock).toString();
    values.put("name", name);
    values.put("slot", slot.orElse(today));
    Matcher date = DATE.matcher(values.get("slot"));
    if (date.matches()) {
      values.put(DAY, date.group(1));
    }
    values.putAll(own);
  }

  private static void check(String option, String value) {
    if (!SLOT.matcher(value).matches()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is '%s': use letters, digits and . : + - _, because it becomes a folder name",
              option,
              value));
    }
  }

  /**
   * Replaces the placeholders in a text.
   *
   * @throws InputException naming a placeholder without a value, such as the date of a slot that
   *     begins with none
   */
  public String fill(String out) {
    return PLACEHOLDER
        .matcher(out)
        .replaceAll(placeholder -> Matcher.quoteReplacement(value(out, placeholder.group(1))));
  }

  private String value(String out, String name) {
    String value = values.get(name);
    if (value == null && name.equals(DAY)) {
      // Today's date would be another one when the slot is tried again after midnight.
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out %s has {date}, but --slot %s begins with no date: begin it with one, such as"
                  + " 2026-03-01 or 20260301, or use {slot}",
              out,
              values.get("slot")));
    }
    if (value == null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out %s has the placeholder {%s}, which has no value: add --set %s=VALUE, or use"
                  + " one of %s",
              out,
              name,
              name,
              values.keySet()));
    }
    return value.replace(':', '-');
  }
}
