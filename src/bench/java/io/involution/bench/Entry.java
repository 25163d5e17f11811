package io.involution.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A contender's measurements. */
final class Entry {
  private final Entrant entrant;
  private final Greeting greeting;
  private final double[] seconds;

  /**
   * Holds a contender's measurements.
   *
   * @param entrant who
   * @param greeting what it said of itself
   * @param seconds the mean time of a step, round by round; filled in as they come
   */
  Entry(Entrant entrant, Greeting greeting, double... seconds) {
    this.entrant = entrant;
    this.greeting = greeting;
    this.seconds = seconds;
  }

  Entrant entrant() {
    return entrant;
  }

  /** Round by round; not a copy. */
  double[] seconds() {
    return seconds;
  }

  Spread spread() {
    return Spread.of(seconds);
  }

  /**
   * Compares the network's numbers of parameters with what they must be.
   *
   * @throws IllegalStateException when it trains something else
   */
  void checkSize(BenchNetwork network) {
    if (entrant.contender() != Contender.GEMM && !greeting.size().equals(network.size())) {
      throw new IllegalStateException(
          entrant.label() + " has " + greeting.size() + ", not " + network.size());
    }
  }

  /** A line or more on how it is done. */
  String introduction() {
    StringBuilder text = new StringBuilder("  " + entrant.label() + ": " + greeting.formulation());
    if (entrant.contender() != Contender.GEMM) {
      text.append(
          String.format(
              Locale.ROOT, "; loss %.4f, then %.4f", greeting.firstLoss(), greeting.lastLoss()));
    }
    greeting
        .formulationSeconds()
        .forEach(
            (name, each) ->
                text.append(String.format(Locale.ROOT, "%n    %s %.1f ms", name, each * 1e3)));
    return text.toString();
  }

  /** What is written to the file. */
  Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("contender", entrant.contender().label());
    report.put("threads", entrant.threads());
    report.put("formulation", greeting.formulation());
    report.put("formulation_seconds", greeting.formulationSeconds());
    report.put("first_loss", greeting.firstLoss());
    report.put("last_loss", greeting.lastLoss());
    report.put("seconds", seconds);
    report.put("spread", spread());
    return report;
  }
}
