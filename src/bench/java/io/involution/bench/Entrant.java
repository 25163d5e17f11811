package io.involution.bench;

import java.util.Locale;

/**
 * A contender with the threads it may use.
 *
 * @param contender who
 * @param threads how many
 */
public record Entrant(Contender contender, int threads) {

  /** Name in tables, such as {@code pytorch, 2 threads}. */
  public String label() {
    return contender.label() + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  /** Name of a file about it. */
  String fileName(BenchNetwork network) {
    return String.format(Locale.ROOT, "%s-%s-%d", contender.label(), network.label(), threads);
  }
}
