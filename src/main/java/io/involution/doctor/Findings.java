package io.involution.doctor;

import io.involution.doctor.Finding.Level;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.spark.TaskFailures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The results of all checks, as a table. */
final class Findings {
  private static final int MOST_PLACES = 4;

  private final List<Finding> findings = new ArrayList<>();

  /** Adds a finding, unless another check has found the same. */
  void add(Finding finding) {
    if (!findings.contains(finding)) {
      findings.add(finding);
    }
  }

  /** Runs a check and adds its finding, or its exception as one. */
  void attempt(String check, Supplier<Optional<Finding>> body) {
    tried(check, () -> body.get().stream().toList()).orElse(List.of()).forEach(this::add);
  }

  /**
   * Finds what further checks need.
   *
   * @param check the check that fails where it cannot be found
   * @param body finds it
   * @return empty if it cannot be
   */
  <T> Optional<T> tried(String check, Supplier<T> body) {
    try {
      return Optional.of(body.get());
    } catch (InputException e) {
      add(Finding.fail(check, e));
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception e) {
      add(
          TaskFailures.inputLine(e)
              .map(line -> Finding.fail(check, new InputException(line)))
              .orElseGet(() -> Finding.fail(check, Places.reason(e), "see the executors' logs")));
    }
    return Optional.empty();
  }

  /**
   * Runs the same check in several places; equal findings share a line.
   *
   * @param facts what to check
   * @param place the name of a fact's place, such as {@code executor 1 on host}
   * @param check the check
   */
  <T> void addEach(Collection<T> facts, Function<T, String> place, Function<T, Finding> check) {
    Map<Finding, Set<String>> places = new LinkedHashMap<>();
    for (T fact : facts) {
      places
          .computeIfAbsent(check.apply(fact), found -> new LinkedHashSet<>())
          .add(place.apply(fact));
    }
    places.forEach((finding, where) -> add(finding.in(shown(where))));
  }

  private static String shown(Set<String> places) {
    String first = places.stream().limit(MOST_PLACES).collect(Collectors.joining(", "));
    return places.size() <= MOST_PLACES
        ? first
        : first + " and " + (places.size() - MOST_PLACES) + " more";
  }

  /** The findings so far. */
  List<Finding> all() {
    return List.copyOf(findings);
  }

  /** Whether one of some checks has failed. */
  boolean haveFailed(String... checks) {
    List<String> names = List.of(checks);
    return findings.stream().anyMatch(f -> f.level() == Level.FAIL && names.contains(f.check()));
  }

  /**
   * Fails if a check has failed.
   *
   * @throws InputException naming the first failed check and its fix
   */
  void requireNoFailure() {
    List<Finding> failed = findings.stream().filter(f -> f.level() == Level.FAIL).toList();
    if (!failed.isEmpty()) {
      Finding first = failed.get(0);
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a run would fail, %d of %d checks failed; %s: %s%s",
              failed.size(),
              findings.size(),
              first.check(),
              first.found(),
              first.fix().isEmpty() ? "" : ": " + first.fix()));
    }
  }

  /** One line per finding: its level, the check, what was found, what to change. */
  String table() {
    int width = findings.stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    return findings.stream()
        .map(finding -> line(finding, width))
        .map(Places::shown)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(Finding finding, int width) {
    String check = finding.check() + " ".repeat(width - finding.check().length());
    String change = finding.fix().isEmpty() ? "" : "; fix: " + finding.fix();
    return String.format(
        Locale.ROOT, "%-4s  %s  %s%s", finding.level(), check, finding.found(), change);
  }
}
