package io.involution.report;

import io.involution.model.summary.NetworkSummary;
import java.util.Locale;

/** A network's layers and parameter totals as a table for a terminal. */
public final class SummaryTable {
  private static final int BYTES = 4;

  private SummaryTable() {}

  /**
   * Draws the table.
   *
   * @param title the network's name
   * @param summary what to draw
   */
  public static String of(String title, NetworkSummary summary) {
    TextTable layers = new TextTable();
    layers.row("layer", "type", "output shape", "parameters").rule();
    for (NetworkSummary.LayerRow row : summary.layers()) {
      layers.row(row.name(), row.type(), row.outputShape(), count(row.parameters()));
    }
    TextTable totals = new TextTable();
    long parameters = (long) summary.trainable() + summary.nonTrainable();
    total(totals, "total", parameters + summary.optimizer());
    total(totals, "  trainable", summary.trainable());
    total(totals, "  non-trainable", summary.nonTrainable());
    total(totals, "  optimizer", summary.optimizer());
    return title + " network\n\n" + layers + "\n" + totals;
  }

  private static void total(TextTable table, String title, long entries) {
    String size = String.format(Locale.ROOT, "%,.1f KiB", (double) BYTES * entries / 1024);
    table.row(title, count(entries), size);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
