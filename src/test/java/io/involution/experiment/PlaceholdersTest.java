package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
  private static String fill(String out, String slot, Map<String, String> own, String now) {
    Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
    return new Placeholders("smoke", Optional.ofNullable(slot), own, clock).fill(out);
  }

  @Test
  void withoutASlotItIsTheDayInUtc() {
    String now = "2026-03-01T23:59:59Z";

    assertThat(fill("a/{name}/{date}/{slot}", null, Map.of(), now))
        .isEqualTo("a/smoke/2026-03-01/2026-03-01");
    assertThat(fill("plain", null, Map.of(), now)).isEqualTo("plain");
  }

  @Test
  void aRetryAfterMidnightFindsItsSlot() {
    String first = fill("{date}/{slot}", "2026-03-01T02:00", Map.of(), "2026-03-01T02:00:00Z");
    String retry = fill("{date}/{slot}", "2026-03-01T02:00", Map.of(), "2026-03-02T04:00:00Z");
    String next = fill("{date}/{slot}", "2026-03-02T02:00", Map.of(), "2026-03-02T04:00:00Z");

    // No colon: Hadoop takes none in a name.
    assertThat(retry).isEqualTo(first).isEqualTo("2026-03-01/2026-03-01T02-00");
    assertThat(next).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-27, 2026-11-27",
    "2026-11-27-2, 2026-11-27",
    "2026-11-27T20:00-08:00, 2026-11-27",
    "20261127, 20261127",
    "20261127T200000+0000, 20261127"
  })
  void theDateIsTheSlotsAsWritten(String slot, String date) {
    assertThat(fill("{date}", slot, Map.of(), "2026-11-29T04:00:00Z")).isEqualTo(date);
  }

  /** Today's would be another one after midnight. */
  @ParameterizedTest
  @ValueSource(strings = {"nightly-7", "202611270", "2026-11"})
  void aSlotWithoutADateHasNone(String slot) {
    String now = "2026-11-27T23:00:00Z";

    assertThat(fill("{slot}", slot, Map.of(), now)).isEqualTo(slot);
    assertThat(fill("{date}", slot, Map.of("date", "own"), now)).isEqualTo("own");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> fill("a/{date}", slot, Map.of(), now))
        .withMessage(
            "--out a/{date} has {date}, but --slot %s begins with no date: begin it with one, such"
                + " as 2026-03-01 or 20260301, or use {slot}",
            slot);
  }

  @Test
  void othersAreTheUsersOwn() {
    assertThat(fill("{team}/{name}", null, Map.of("team", "vision"), "2026-03-02T04:00:00Z"))
        .isEqualTo("vision/smoke");
  }

  @Test
  void whatStandsForNothingIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> fill("a/{team}", null, Map.of(), "2026-03-02T04:00:00Z"))
        .withMessageContainingAll("--out a/{team}", "{team}", "--set team=VALUE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/b", "a b", "{date}"})
  void whatNamesNoFolderIsRefused(String slot) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> fill("{slot}", slot, Map.of(), "2026-03-02T04:00:00Z"))
        .withMessageContaining("--slot is '" + slot + "'");
  }

  @Test
  void pointsAloneLeadElsewhere() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> fill("{slot}", "..", Map.of(), "2026-03-02T04:00:00Z"))
        .withMessageContaining("--slot is '..'");
  }
}
