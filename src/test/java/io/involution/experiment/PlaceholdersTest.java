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

  @Test
  void aSlotNeedBeNoDate() {
    assertThat(fill("{slot}/{date}", "nightly-7", Map.of(), "2026-03-02T04:00:00Z"))
        .isEqualTo("nightly-7/2026-03-02");
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
