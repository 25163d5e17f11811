package io.involution.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Sets this project's step against everyone else's. */
final class ResultTable {
  private final List<Entry> entries;

  ResultTable(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Our time over another's, round by round.
   *
   * @param threads ours
   * @param peer whose
   * @param peerThreads theirs: of those up to ours the number with which they are fastest
   * @param ratio the quotients
   */
  record Ratio(int threads, String peer, int peerThreads, Spread ratio) {}

  /** Our ratios to everyone, for each number of threads of ours. */
  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (Entry ours : entries) {
      if (ours.entrant().contender() == Contender.OURS) {
        for (Contender peer : Contender.values()) {
          entries.stream()
              .filter(each -> each.entrant().contender() == peer && peer != Contender.OURS)
              .filter(each -> each.entrant().threads() <= ours.entrant().threads())
              .min(Comparator.comparingDouble(each -> each.spread().median()))
              .ifPresent(best -> ratios.add(ratio(ours, best)));
        }
      }
    }
    return ratios;
  }

  private static Ratio ratio(Entry ours, Entry peer) {
    return new Ratio(
        ours.entrant().threads(),
        peer.entrant().contender().label(),
        peer.entrant().threads(),
        Spread.ofRatios(ours.seconds(), peer.seconds()));
  }

  /** Both as text. */
  String text() {
    StringBuilder text = new StringBuilder("\nseconds per step: median (least-most)\n");
    for (Entry entry : entries) {
      text.append(row(entry.entrant().label(), entry.spread().format(4)));
    }
    List<Ratio> ratios = ratios();
    if (!ratios.isEmpty()) {
      text.append("\nours / peer, round by round\n");
    }
    for (Ratio each : ratios) {
      String who =
          each.threads() + " : " + each.peer() + ", best with " + each.peerThreads() + " threads";
      text.append(row(who, each.ratio().format(3)));
    }
    return text.toString();
  }

  private static String row(String name, String value) {
    return String.format(Locale.ROOT, "  %-36s %s%n", name, value);
  }
}
