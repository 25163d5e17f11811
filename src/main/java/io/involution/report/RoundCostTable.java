package io.involution.report;

import io.involution.metrics.RoundCosts;
import io.involution.metrics.Straggler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Where the time of the rounds went, as a table for a terminal. */
public final class RoundCostTable {
  private RoundCostTable() {}

  /**
   * Draws the table, in milliseconds per round and as a share of the round.
   *
   * @param costs by network name, in the order of the columns; at least one
   */
  public static String of(Map<String, RoundCosts> costs) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of("milliseconds per round"));
    for (String model : costs.keySet()) {
      header.addAll(List.of(model, "share"));
    }
    table.row(header).rule();
    add(table, "local steps of the slowest worker", costs, RoundCosts::steps);
    add(table, "broadcast", costs, RoundCosts::broadcast);
    add(table, "receive", costs, RoundCosts::receive);
    add(table, "copy in and out of the network", costs, RoundCosts::copy);
    add(table, "schedule and collect", costs, RoundCosts::schedule);
    add(table, "average", costs, RoundCosts::average);
    table.rule();
    add(table, "besides local steps", costs, RoundCosts::overhead);
    add(table, "whole round", costs, RoundCosts::total);
    StringBuilder text = new StringBuilder(table.toString());
    costs.forEach((model, cost) -> text.append(straggler(model, cost)));
    return text.toString();
  }

  /** A line about the slowest worker, if there are several workers. */
  private static String straggler(String model, RoundCosts cost) {
    Straggler slow = cost.straggler();
    return cost.workers() < 2
        ? ""
        : String.format(
            Locale.ROOT,
            "%s: the slowest worker's local steps took %.2f times the average; worker %d (%s) was"
                + " the slowest in %d of %d rounds\n",
            model,
            slow.skew(),
            slow.worker(),
            slow.host(),
            slow.slowest(),
            slow.rounds());
  }

  private static void add(
      TextTable table,
      String title,
      Map<String, RoundCosts> costs,
      ToDoubleFunction<RoundCosts> part) {
    List<String> row = new ArrayList<>(List.of(title));
    for (RoundCosts cost : costs.values()) {
      double seconds = part.applyAsDouble(cost);
      row.add(String.format(Locale.ROOT, "%,.1f", 1000 * seconds));
      row.add(String.format(Locale.ROOT, "%.1f%%", 100 * seconds / cost.total()));
    }
    table.row(row);
  }
}
